import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeEnvironment } from './node-environment.js';

/** A TypeScript file of ours that runs in a process of its own. Talk to it with `send` and `on('message')`. */
export interface SourceProcess {
  readonly child: ChildProcess;
  /** The next message that it sends. @throws when it ends instead, with what it wrote to stderr */
  message<T>(): Promise<T>;
  /** Ends it, stopped or not, and waits until it is gone. */
  kill(): Promise<void>;
}

/**
 * Runs `file` (from the root of the repository) as it is, without a build.
 *
 * @param args strings that it finds in `process.argv`
 */
export function sourceProcess(file: string, ...args: readonly string[]): SourceProcess {
  const child = fork(join(process.cwd(), file), args, {
    execArgv: [
      '--conditions=quoin-source',
      '--no-warnings',
      '--import',
      join(import.meta.dirname, 'typescript-hooks.mjs'),
    ],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    env: { ...process.env, ...nodeEnvironment(), NODE_OPTIONS: '' },
  });
  const errors: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const exited = once(child, 'exit');
  const messages: unknown[] = [];
  let arrived: (() => void) | undefined;
  child.on('message', (message) => {
    messages.push(message);
    arrived?.();
  });
  return {
    child,
    message: async <T>() => {
      if (messages.length === 0) {
        const ended = exited.then(() => {
          throw new Error(`${file} ended before it sent a message\n${errors.join('')}`);
        });
        await Promise.race([new Promise<void>((resolve) => (arrived = resolve)), ended]);
      }
      return messages.shift() as T;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
