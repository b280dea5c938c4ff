import type { z } from 'zod';
import { PaymentProviderUnavailable } from '../provider.errors.js';
import { errorObject } from './sandbox-objects.js';

/** How the sandbox is reached. */
export interface SandboxAccess {
  readonly url: string;
  readonly apiKey: string;
  /** A call that takes longer is cut off; milliseconds. */
  readonly timeoutMs: number;
}

/** What came of a call: an object, a final refusal, or nobody knows what. */
export type SandboxReply<T> =
  | { readonly kind: 'answered'; readonly body: T }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** No answer of the provider is longer. */
const BODY_BYTES_MAX = 256 * 1024;

/** The connection was never made, so the request cannot have arrived. */
const NEVER_ARRIVED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Not let in, or too often: nothing was done, and the next one will fare alike until somebody acts. */
const NOT_LET_IN = new Set([401, 403, 429]);

/** Another request has this key: perhaps our own, of an older version of us. Only asking tells what became of it. */
const KEY_REUSED = 'idempotency_key_reused';

/** HTTP to the sandbox: bounded in time and size, following no redirect. */
export class SandboxClient {
  constructor(private readonly access: SandboxAccess) {}

  /** @throws PaymentProviderUnavailable @throws the reason of `signal` when it is aborted */
  get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<SandboxReply<T>> {
    return this.call(path, { method: 'GET' }, schema, signal);
  }

  /** Throws as {@link get} does. */
  post<T>(path: string, key: string, body: object, schema: z.ZodType<T>, signal: AbortSignal) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    return this.call(path, { method: 'POST', headers, body: JSON.stringify(body) }, schema, signal);
  }

  private async call<T>(
    path: string,
    init: RequestInit,
    schema: z.ZodType<T>,
    outer: AbortSignal,
  ): Promise<SandboxReply<T>> {
    outer.throwIfAborted();
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.access.apiKey}` };
    const signal = AbortSignal.any([outer, AbortSignal.timeout(this.access.timeoutMs)]);
    try {
      const response = await fetch(this.access.url + path, { ...init, headers, signal, redirect: 'manual' });
      return this.read(response.status, await textOf(response), schema);
    } catch (error) {
      outer.throwIfAborted();
      if (error instanceof PaymentProviderUnavailable) throw error;
      const code = codeOf(error);
      if (NEVER_ARRIVED.has(code)) throw this.unavailable(code, error);
      return { kind: 'unknown', reason: code };
    }
  }

  private read<T>(status: number, text: string, schema: z.ZodType<T>): SandboxReply<T> {
    if (NOT_LET_IN.has(status)) throw this.unavailable(`it answers ${status}`);
    if (status >= 200 && status < 300) {
      const parsed = schema.safeParse(jsonOf(text));
      return parsed.success ? { kind: 'answered', body: parsed.data } : unknown('an answer that cannot be read');
    }
    if (status < 400 || status >= 500 || status === 409) return unknown(`status ${status}`);
    const refusal = errorObject.safeParse(jsonOf(text));
    if (!refusal.success) throw this.unavailable(`it answers ${status} without a reason`);
    const { code } = refusal.data.error;
    return code === KEY_REUSED ? unknown(code) : { kind: 'refused', code };
  }

  private unavailable(reason: string, cause?: unknown): PaymentProviderUnavailable {
    return new PaymentProviderUnavailable('sandbox', reason, { cause });
  }
}

function unknown(reason: string) {
  return { kind: 'unknown', reason } as const;
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new RangeError('answer_too_long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `ECONNRESET`, `TimeoutError` and the like: what a person needs to know of it. */
function codeOf(error: unknown): string {
  // By shape: what fetch throws need not be an Error of this realm.
  const { name, message, cause } = error as { name?: string; message?: string; cause?: { code?: unknown } };
  if (typeof cause?.code === 'string') return cause.code;
  return (name === 'RangeError' ? message : name) ?? String(error);
}
