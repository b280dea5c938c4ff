import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testStack } from '#libs/testing';
import { ReplicatedPostgres, type Server } from '../../tools/stack/replicated-postgres.mjs';

/** Where the first replica of a {@link ReplicatedStack} is, as DB_READ_HOST wants it. */
export function readHost(replica: Server | { readonly port: number }): string {
  return `127.0.0.1:${replica.port}`;
}

/**
 * The test stack with another PostgreSQL: a primary and replicas that a spec may do anything to. While it is open, test
 * databases of this spec file are made there.
 */
export class ReplicatedStack {
  private constructor(
    readonly postgres: ReplicatedPostgres,
    private readonly before: string | undefined,
  ) {}

  static async open(purpose: string, replicas = 1): Promise<ReplicatedStack> {
    const shared = testStack();
    const postgres = await ReplicatedPostgres.start(purpose, replicas);
    const { primary, secrets } = postgres;
    const [app, owner] = (['app', 'owner'] as const).map((role) =>
      primary.url(`quoin_${role}`, secrets[role], 'quoin_tenants'),
    );
    const path = join(postgres.home, 'stack.json');
    const env = {
      ...shared.env,
      DB_PORT: String(primary.port),
      DB_PASSWORD: secrets.app,
      DB_OWNER_PASSWORD: secrets.owner,
    };
    const text = JSON.stringify({
      ...shared,
      postgres: { superuser: primary.superuserUrl, primary: { app, owner } },
      env,
    });
    writeFileSync(path, text, { mode: 0o600 });
    const before = process.env['QUOIN_TEST_STACK'];
    process.env['QUOIN_TEST_STACK'] = path;
    return new ReplicatedStack(postgres, before);
  }

  get primary(): Server {
    return this.postgres.primary;
  }

  /** The replica of that number, from 0. */
  replica(index = 0): Server {
    const found = this.postgres.replicas[index];
    if (!found) throw new Error(`there is no replica ${index}`);
    return found;
  }

  async close(): Promise<void> {
    if (this.before === undefined) delete process.env['QUOIN_TEST_STACK'];
    else process.env['QUOIN_TEST_STACK'] = this.before;
    await this.postgres.stop();
  }
}
