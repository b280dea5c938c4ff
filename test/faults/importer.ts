import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeEnvironment } from '#libs/testing';
import { COMMAND_MEMORY } from '../../tools/stack/memory.mjs';
import type { RunningSystem } from '../support/running-system.js';

/** Between two looks at how much memory it takes. */
const LOOK_MS = 250;

/** How one run of the importer ended. */
export interface ImporterEnding {
  /** Null: it was killed. */
  readonly code: number | null;
  readonly output: string;
  /** The most memory that it had resident, in bytes. */
  readonly peakBytes: number;
}

/** `quoin import online-retail`, as a process of its own, which may be killed. */
export class Importer {
  private output = '';
  private readonly ending: Promise<ImporterEnding>;
  private over = false;
  private peakBytes = 0;

  private constructor(private readonly child: ChildProcess) {
    const hear = (chunk: Buffer) => void (this.output += chunk.toString());
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    const looking = setInterval(() => (this.peakBytes = peakBytesOf(child.pid) ?? this.peakBytes), LOOK_MS);
    this.ending = once(child, 'close').then(([code]) => {
      clearInterval(looking);
      this.over = true;
      return { code: code as number | null, output: this.output, peakBytes: this.peakBytes };
    });
  }

  static start(system: RunningSystem, file: string, slug: string): Importer {
    const main = join(process.cwd(), 'dist/apps/cli/main.js');
    const args = [
      ...COMMAND_MEMORY.flags,
      main,
      'import',
      'online-retail',
      file,
      '--tenant',
      slug,
      '--errors',
      `${file}.${slug}.errors.csv`,
    ];
    const env = { ...nodeEnvironment(), ...COMMAND_MEMORY.env, ...system.environment() };
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

/** As the kernel counts it; undefined when the process is gone. */
function peakBytesOf(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
      return undefined;
    throw error;
  }
}
