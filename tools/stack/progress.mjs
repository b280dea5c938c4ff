// A terminal that was closed, or a `| head` that has seen enough, must not keep us from stopping what we started.
process.stdout.on('error', () => undefined);

/**
 * A fault the person at the keyboard can act on. Commands print its message as the only line and leave with exit code 1;
 * anything else that is thrown is a mistake of ours and is printed with its stack.
 */
export class UserFault extends Error {}

const MACHINE_FAULTS = {
  ENOSPC: 'the disk is full',
  EACCES: 'the right is missing',
  EPERM: 'the right is missing',
  EROFS: 'it is read-only',
};

/** What is said of an error: one sentence when the person or the machine is at fault, the whole stack when we are. */
export function explain(error) {
  if (error instanceof UserFault) return error.message;
  const reason = MACHINE_FAULTS[error?.code];
  return reason && error.path ? `${error.path} cannot be used: ${reason}.` : error;
}

/**
 * One progress line a step: `  PostgreSQL primary … ready on port 21001 (1.4 s)`.
 * @param {string} label what is being done
 * @param {() => Promise<string|void>|string|void} work its resolved text, when there is one, ends the line
 */
export async function step(label, work) {
  const startedAt = Date.now();
  process.stdout.write(`  ${label} … `);
  try {
    const outcome = await work();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${outcome ?? 'done'} (${seconds} s)\n`);
  } catch (error) {
    process.stdout.write('failed\n');
    throw error;
  }
}

/**
 * Steps that run side by side; each has its line when it is done. When one fails the others are still waited for, so that
 * nothing is under way when the fault is reported.
 * @param {[label: string, work: () => Promise<string|void>][]} steps
 */
export async function stepsTogether(steps) {
  const startedAt = Date.now();
  const outcomes = await Promise.allSettled(
    steps.map(async ([label, work]) => {
      const outcome = await work();
      say(`  ${label} … ${outcome ?? 'done'} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    }),
  );
  const failed = outcomes.findIndex(({ status }) => status === 'rejected');
  if (failed === -1) return;
  say(`  ${steps[failed][0]} … failed`);
  throw outcomes[failed].reason;
}

/** A line of its own, for what needs no timing. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}
