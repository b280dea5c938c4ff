import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeEnvironment } from '#libs/testing';
import type { EventsStage } from './events-stage.js';

/** A worker in a process of its own, with the default timings. */
export class WorkerProcess {
  private constructor(private readonly child: ChildProcess) {}

  static async start({ database, queues }: EventsStage): Promise<WorkerProcess> {
    const { schemas: _, ...options } = database.options;
    const folder = join(process.cwd(), 'libs/events/testing');
    const hooks = join(process.cwd(), 'libs/testing/typescript-hooks.mjs');
    const flags = ['--conditions=quoin-source', '--import', hooks];
    const child = spawn(process.execPath, [...flags, join(folder, 'worker.process.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...nodeEnvironment(), WORKER_SETTINGS: JSON.stringify({ database: options, queues }) },
    });
    await Promise.race([once(child.stdout, 'data'), failure(child)]);
    return new WorkerProcess(child);
  }

  /** Ends it the hard way (SIGKILL) or asks it to (SIGTERM); resolves when it has ended. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    // A process that is stopped does not take notice of anything but SIGKILL before it goes on.
    this.child.kill('SIGCONT');
    await ended;
  }

  /** Stops and resumes it, as a long pause of its machine would. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }
}

async function failure(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`the worker process ended with ${String(code)} before it was ready`);
}
