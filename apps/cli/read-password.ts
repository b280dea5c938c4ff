import { text } from 'node:stream/consumers';
import { OperatorError } from './failure.js';

/** From standard input, never an argument: those stand in the shell's history and in the list of processes. */
export async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password, then Ctrl-D (it is shown; better: pipe it in): ');
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (password === '') throw new OperatorError('Send the password on standard input.');
  return password;
}
