import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `durationMs`, or at once when the signal is aborted. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(durationMs, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
