import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeEnvironment } from '#libs/testing';
import type { RunningSystem } from '../support/running-system.js';

/** How one run of the importer ended. */
export interface ImporterEnding {
  /** Null: it was killed. */
  readonly code: number | null;
  readonly output: string;
}

/** `quoin import online-retail`, as a process of its own, which may be killed. */
export class Importer {
  private output = '';
  private readonly ending: Promise<ImporterEnding>;
  private over = false;

  private constructor(private readonly child: ChildProcess) {
    const hear = (chunk: Buffer) => void (this.output += chunk.toString());
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    this.ending = once(child, 'close').then(([code]) => {
      this.over = true;
      return { code: code as number | null, output: this.output };
    });
  }

  static start(system: RunningSystem, file: string, slug: string): Importer {
    const main = join(process.cwd(), 'dist/apps/cli/main.js');
    const args = [main, 'import', 'online-retail', file, '--tenant', slug, '--errors', `${file}.${slug}.errors.csv`];
    const env = { ...nodeEnvironment(), ...system.environment() };
    return new Importer(spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  get isRunning(): boolean {
    return !this.over;
  }

  /** SIGKILL, unless it has ended by itself. */
  async kill(): Promise<ImporterEnding> {
    this.child.kill('SIGKILL');
    return this.ending;
  }

  /** Resolves when it has ended by itself. */
  async ended(): Promise<ImporterEnding> {
    return this.ending;
  }
}
