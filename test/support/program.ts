import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { nodeEnvironment } from '#libs/testing';
import { eventually } from './eventually.js';

/** Kept of what a program says, to show when something fails. */
const LOG_CHARACTERS = 40_000;

export type ProgramName = 'api' | 'worker';

/** How a program ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One process of ours, compiled, with its own port: what production runs. */
export class Program {
  private log = '';
  private ending: Ending | undefined;

  private constructor(
    readonly name: string,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {
    const hear = (chunk: Buffer) => (this.log = `${this.log}${chunk.toString()}`.slice(-LOG_CHARACTERS));
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code, signal) => (this.ending = { code, signal }));
  }

  /** Starts it and waits until it calls itself ready. @throws with the end of its log */
  static async start(app: ProgramName, environment: Readonly<Record<string, string>>, name: string): Promise<Program> {
    const main = join(process.cwd(), `dist/apps/${app}/main.js`);
    if (!existsSync(main)) throw new Error(`${main} is missing: run "npm run build" first`);
    const port = await freePort();
    const variable = app === 'api' ? 'API_PORT' : 'WORKER_PORT';
    const env = { ...nodeEnvironment(), ...environment, [variable]: String(port) };
    // In our own process group: when the test run is killed, nothing of it stays behind. Without source maps, which cost a
    // fifth of a start: what is compiled reads like its source.
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const program = new Program(name, `http://127.0.0.1:${port}`, child);
    await program.untilReady();
    return program;
  }

  get isRunning(): boolean {
    return this.ending === undefined;
  }

  /** What a balancer asks: whether to send requests here. */
  async isReady(): Promise<boolean> {
    return (await statusOf(`${this.url}/readyz`)) === 200;
  }

  /** The end of what it said. */
  tail(lines = 40): string {
    return this.log.trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** A second SIGTERM ends it at once, unfinished. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** How it ended, as soon as it has. @throws when it does not end; it is killed then */
  async ended(): Promise<Ending> {
    return eventually(`${this.name} has ended`, async () => this.ending).catch((error: Error) => {
      this.child.kill('SIGKILL');
      throw new Error(`${error.message}\n${this.tail()}`, { cause: error });
    });
  }

  /** Sends the signal, unless it has ended, and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<Ending> {
    if (this.isRunning) this.signal(signal);
    return this.ended();
  }

  private async untilReady(): Promise<void> {
    await eventually(`${this.name} is ready`, async () => {
      if (!this.isRunning) throw new EndedEarly(`${this.name} ended while starting:\n${this.tail()}`);
      return this.isReady();
    }).catch((error: Error) => {
      this.child.kill('SIGKILL');
      throw new Error(`${error.message}\n${this.tail()}`, { cause: error });
    });
  }
}

class EndedEarly extends Error {}

/** The status of a GET; undefined when nobody answers. */
async function statusOf(url: string): Promise<number | undefined> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).status;
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
