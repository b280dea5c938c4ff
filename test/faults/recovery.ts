import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '#libs/testing';

/** Generous: how long it took is printed, not asserted. Guarantees.md promises 60 s on a quiet machine. */
const QUIET_TIMEOUT_MS = 180_000;

/** Resolves when no delivery of the tenant waits for anybody but a person. @throws showing what is still open */
export async function untilQuiet(database: TestDatabase, tenantId: string): Promise<void> {
  const giveUpAt = Date.now() + QUIET_TIMEOUT_MS;
  for (;;) {
    const open = await database.asSuperuser<{ consumer: string; state: string; attempts: number; last_error: string }>(
      `select consumer, state, attempts, handovers, due_at, handed_at, lease_until, last_error from platform.delivery
       where tenant_id = $1 and state in ('pending', 'handed') order by id limit 20`,
      [tenantId],
    );
    if (open.length === 0) return;
    if (Date.now() > giveUpAt)
      throw new Error(`not quiet after ${QUIET_TIMEOUT_MS / 1_000} s: ${JSON.stringify(open)}`);
    await sleep(250);
  }
}

/** Resolves when the condition holds. @throws when it does not in time */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`after ${timeoutMs / 1_000} s it is still not so that ${what}`);
    await sleep(100);
  }
}

/** Writes a line of figures where whoever runs the tests sees it. */
export function report(what: string, figures: Readonly<Record<string, unknown>>): void {
  const parts = Object.entries(figures).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  process.stdout.write(`    ${what}: ${parts.join(', ')}\n`);
}
