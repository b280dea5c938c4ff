import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { nodeEnvironment } from '#libs/testing';

/** How a command ended and what it said. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program of ours on Node.js to its end, with exactly this environment and this text on its standard input. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = '',
): Promise<CommandResult> {
  const env = { ...nodeEnvironment(), ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  // One that ends without reading it has its reasons.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
