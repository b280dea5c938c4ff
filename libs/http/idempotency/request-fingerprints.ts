import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import type { FastifyRequest } from 'fastify';
import { sorted } from '../openapi/sorted.js';

/**
 * Tells requests apart without keeping them. Bodies may hold passwords, so the hash is keyed: who reads the table cannot try which
 * password it was, as they could with a plain hash beside an otherwise known body.
 */
@Injectable()
export class RequestFingerprints {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: string;

  constructor({ encryptionKeys }: AppConfig) {
    this.current = encryptionKeys[0].kid;
    this.keys = new Map(
      encryptionKeys.map(({ kid, key }) => [kid, Buffer.from(hkdfSync('sha256', key, '', 'quoin:fingerprint', 32))]),
    );
  }

  /** The fingerprint of a request under the current key: `<kid>.<hex>`. */
  of(request: FastifyRequest): string {
    return this.under(this.current, request) ?? '';
  }

  /** Whether it is this request's, under whichever of our keys; no request has one under a key that is gone. */
  isOf(request: FastifyRequest, fingerprint: string): boolean {
    return this.under(fingerprint.split('.', 1)[0] ?? '', request) === fingerprint;
  }

  private under(kid: string, request: FastifyRequest): string | undefined {
    const key = this.keys.get(kid);
    return key && `${kid}.${createHmac('sha256', key).update(meaningOf(request)).digest('hex')}`;
  }
}

/**
 * What the answer is made from: path and query as sent, the version that is asked for, and the body by its meaning. A client that
 * builds its request anew may write the fields in another order.
 */
function meaningOf({ url, headers, body }: FastifyRequest): string {
  return `${url}\n${headers['if-match'] ?? ''}\n${body === undefined ? '' : JSON.stringify(sorted(body))}`;
}
