import { setTimeout as sleep } from 'node:timers/promises';

/** Long, because the machine may be busy: it is only waited for when something is wrong. */
const DEADLINE_MS = 45_000;
/** Soon at first, and less and less often: whoever is waited for needs the machine more. */
const INTERVAL_FIRST_MS = 40;
const INTERVAL_MAX_MS = 250;

/**
 * Asks until the answer is neither undefined nor false, and gives it.
 * @param intervalMs between the first two questions: more where asking is dear
 * @throws after 45 s, naming what did not come and what was seen last; at once what `ask` throws
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  intervalMs = INTERVAL_FIRST_MS,
): Promise<T> {
  const giveUpAt = Date.now() + DEADLINE_MS;
  for (let pauseMs = intervalMs; ; pauseMs = Math.max(intervalMs, Math.min(INTERVAL_MAX_MS, pauseMs * 1.2))) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > giveUpAt) throw new Error(`after ${DEADLINE_MS / 1_000} s it is still not so that ${what}`);
    await sleep(pauseMs);
  }
}
