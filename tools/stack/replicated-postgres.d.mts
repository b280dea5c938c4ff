/** One private PostgreSQL server (postgres.mjs), as far as tests in TypeScript need it. */
export interface Server {
  readonly name: string;
  readonly port: number;
  readonly superuserUrl: string;
  sql(text: string, database?: string): Promise<string[]>;
  url(user: string, password: string, database: string): string;
  start(): Promise<unknown>;
  stop(): Promise<void>;
}

/** A primary and its streaming replicas, of one test's own: it may delay, kill, restart and promote them. */
export class ReplicatedPostgres {
  private constructor();
  static start(purpose: string, replicas?: number): Promise<ReplicatedPostgres>;
  readonly home: string;
  readonly primary: Server;
  readonly replicas: readonly Server[];
  readonly secrets: Readonly<Record<'owner' | 'app', string>>;
  delayReplay(replica: Server, delayMs: number): Promise<void>;
  untilReplayed(replica: Server): Promise<void>;
  kill(server: Server): Promise<void>;
  promote(replica: Server): Promise<void>;
  refollow(replica: Server, primary: Server): Promise<void>;
  stop(): Promise<void>;
}
