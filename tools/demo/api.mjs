import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { UserFault } from '../stack/progress.mjs';

const ANSWER_MS = 15_000;
const PATIENCE_MS = 45_000;

/** Something in the demo is not as it should be. */
export class Mismatch extends UserFault {}

/** @throws {Mismatch} */
export function check(condition, complaint) {
  if (!condition) throw new Mismatch(complaint);
}

/** @throws {Mismatch} naming both values */
export function same(what, found, expected) {
  check(found === expected, `${what} is ${found}, not ${expected}.`);
}

/**
 * Asks until the answer is neither false nor undefined, and gives it.
 * @throws {Mismatch} after a minute
 */
export async function until(what, ask) {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    check(Date.now() < giveUpAt, `After ${PATIENCE_MS / 1000} s it is still not so that ${what}.`);
    await wait(150);
  }
}

/** Fetches, or says in one sentence that nobody answers. */
export async function reach(url, options = {}) {
  try {
    return await fetch(url, { ...options, signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (error) {
    const reason = error.cause?.code ?? error.name;
    throw new UserFault(`${new URL(url).origin} does not answer (${reason}). Is "npm start" still running?`);
  }
}

/** The public API as a person of the demo company uses it. */
export class DemoApi {
  token;

  constructor(url, tenant) {
    this.url = url;
    this.tenant = tenant;
  }

  get(path) {
    return this.#send('GET', path);
  }

  post(path, body) {
    return this.#send('POST', path, body);
  }

  /** The first item of a list; undefined when it is empty. */
  async first(path) {
    return (await this.get(path)).items[0];
  }

  async #send(method, path, body) {
    const response = await reach(`${this.url}${path}`, {
      method,
      headers: {
        'x-tenant': this.tenant,
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...(method !== 'GET' && { 'idempotency-key': randomUUID() }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    check(response.ok, `${method} ${path} answered ${response.status}: ${problemIn(text)}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

function problemIn(text) {
  try {
    const { code, detail, errors } = JSON.parse(text);
    return [code, detail, errors && JSON.stringify(errors)].filter(Boolean).join(' - ');
  } catch (error) {
    if (error instanceof SyntaxError) return text.slice(0, 300);
    throw error;
  }
}
