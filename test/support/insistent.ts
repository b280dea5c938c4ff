import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSystem } from './running-system.js';
import type { Trader } from './trader.js';

/** What an insistent client got in the end, and how often it had to ask. */
export interface FinalAnswer {
  readonly status: number;
  readonly text: string;
  readonly location: string | null;
  readonly replayed: boolean;
  /** Answers that said to come back, and requests that nobody answered. */
  readonly inProgress: number;
  readonly unanswered: number;
}

const TRIES_MAX = 400;
const PAUSE_MS = 100;

/** Sends one POST under one key, to another api each time, until an answer is final: neither in progress nor an outage. */
export async function insist(
  system: RunningSystem,
  { token }: Trader,
  path: string,
  key: string,
  body: unknown,
): Promise<FinalAnswer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key };
  let inProgress = 0;
  let unanswered = 0;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const answer = await ask(`${system.nextApi()}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer && answer.status !== 409 && answer.status < 500) return { ...answer, inProgress, unanswered };
    if (answer?.status === 409) inProgress += 1;
    else unanswered += 1;
    await sleep(PAUSE_MS);
  }
  throw new Error(`no final answer in ${TRIES_MAX} tries\n${system.logs()}`);
}

async function ask(
  url: string,
  init: RequestInit,
): Promise<Omit<FinalAnswer, 'inProgress' | 'unanswered'> | undefined> {
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    const { status, headers } = response;
    return { status, text, location: headers.get('location'), replayed: headers.has('idempotency-replayed') };
  } catch (error) {
    // A connection that broke: whether anything was done, nobody knows. Its class is not the one of this realm.
    if ((error as Error).name === 'TypeError') return undefined;
    throw error;
  }
}
