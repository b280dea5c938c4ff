import { lookup as resolve } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { AddressRules } from './address-rules.js';
import { AddressRefused, EgressFailed } from './egress.errors.js';

/** The whole of it, connecting included. */
const TIMEOUT_MS = 5_000;
const BODY_MAX_BYTES = 1_048_576;
const WITHOUT_BODY = new Set([204, 205, 304]);

/** What is sent. */
export interface OutboundRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends requests to addresses that tenants gave. It connects to no address but public ones, decided on the address that
 * is connected to and not on a name that may resolve to another one a moment later; over https; follows no redirect; waits
 * 5 s and reads 1 MiB at most.
 */
@Injectable()
export class GuardedFetch {
  private readonly rules: AddressRules;
  private readonly plainHttp: boolean;

  constructor({ egress }: AppConfig) {
    this.rules = new AddressRules(egress.privateNetworks);
    this.plainHttp = egress.plainHttp;
  }

  /**
   * Whether the address could be asked at all, as far as can be told without asking.
   * @throws AddressRefused
   */
  requireAllowed(address: string): URL {
    if (!URL.canParse(address)) throw new AddressRefused();
    const url = new URL(address);
    const tls = url.protocol === 'https:';
    if (!tls && !(this.plainHttp && url.protocol === 'http:')) throw new AddressRefused();
    if (url.username !== '' || url.password !== '') throw new AddressRefused();
    const literal = hostOf(url);
    if (isIP(literal) !== 0) this.requireAddress(literal, tls);
    return url;
  }

  /** @throws AddressRefused, EgressFailed */
  async fetch(address: string, { method = 'GET', headers, body, signal }: OutboundRequest = {}): Promise<Response> {
    const url = this.requireAllowed(address);
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const options: RequestOptions = {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
      lookup: this.lookup(url.protocol === 'https:'),
      // A connection of its own: one that is kept might have been made for somebody with other rules.
      agent: false,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    };
    try {
      return await exchange(url, options, body);
    } catch (error) {
      if (error instanceof AddressRefused || error instanceof EgressFailed) throw error;
      throw new EgressFailed(`${method} ${url.origin} failed: ${String(error)}`, { cause: error });
    }
  }

  private requireAddress(address: string, tls: boolean): void {
    // What is sent without TLS can be read and changed on the way: not on the internet.
    const allowed = tls ? this.rules.allows(address) : this.rules.isPermittedPrivate(address);
    if (!allowed) throw new AddressRefused();
  }

  /** Resolves like the system does, and refuses the name when any of its addresses is refused. */
  private lookup(tls: boolean): LookupFunction {
    return (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, '');
        try {
          for (const { address } of addresses) this.requireAddress(address, tls);
        } catch (refusal) {
          return callback(refusal as Error, '');
        }
        const [first] = addresses;
        if (options.all) callback(null, addresses);
        else callback(null, first?.address ?? '', first?.family);
      });
    };
  }
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function exchange(url: URL, options: RequestOptions, body: string | undefined): Promise<Response> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = send(url, options, (message) => void read(message).then(resolve, reject));
    sent.on('error', reject);
    sent.end(body);
  });
}

async function read(message: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop destroys the connection.
    if (length > BODY_MAX_BYTES) throw new EgressFailed(`the answer is larger than ${BODY_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const status = message.statusCode ?? 0;
  if (status < 200 || status > 599) throw new EgressFailed(`an answer with the status ${status}`);
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return new Response(WITHOUT_BODY.has(status) ? null : Buffer.concat(chunks), { status, headers });
}
