import { generateKeyPairSync } from 'node:crypto';
import { jest } from '@jest/globals';
import { testConfig } from '#libs/config/testing';
import { importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { AccessTokens } from './access-tokens.js';
import { InvalidToken, TokenExpired } from './auth.errors.js';
import { hashOpaqueToken, newOpaqueToken } from './opaque-token.js';
import { OperatorTokens } from './operator-tokens.js';
import { TokenSigner } from './token-signer.js';

const config = testConfig();
const tokens = new AccessTokens(config, new TokenSigner(config));
const operatorTokens = new OperatorTokens(new TokenSigner(config));
const claims = {
  userId: '0190f3a0-0000-7000-8000-000000000001',
  tenantId: '0190f3a0-0000-7000-8000-000000000002',
  sessionId: '0190f3a0-0000-7000-8000-000000000003',
  tenantSlug: 'acme',
};

interface Forgery {
  readonly header?: Record<string, unknown>;
  readonly payload?: Record<string, unknown>;
  readonly key?: Record<string, unknown>;
}

/** Milliseconds of the fastest of many: what else the machine does slows the others. */
async function fastest(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let turn = 0; turn < 200; turn++) {
    const begun = performance.now();
    await work();
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}

/** A token like ours, signed with our key unless told otherwise. */
async function forged({ header = {}, payload = {}, key = config.auth.signingKey }: Forgery): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const { userId, tenantId, sessionId, tenantSlug } = claims;
  const body = { sub: userId, tid: tenantId, sid: sessionId, tenant: tenantSlug, iss: config.auth.issuer };
  return new SignJWT({ ...body, aud: 'quoin-api', iat: now, exp: now + 60, ...payload })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: config.auth.signingKey.kid, ...header })
    .sign(await importJWK(key, 'EdDSA'));
}

describe('an access token', () => {
  it('says who calls, for which tenant, in which session, for 15 minutes', async () => {
    const { token, expiresIn } = await tokens.issue(claims);
    expect(expiresIn).toBe(900);
    await expect(tokens.verify(token)).resolves.toEqual(claims);
  });

  it('is accepted when it is like ours in everything', async () => {
    await expect(tokens.verify(await forged({}))).resolves.toEqual(claims);
  });

  it('is checked once: again, it costs less than a tenth', async () => {
    const { token } = await tokens.issue(claims);
    const first = await fastest(() => new AccessTokens(config, new TokenSigner(config)).verify(token));
    await tokens.verify(token);
    expect(await fastest(() => tokens.verify(token))).toBeLessThan(first / 10);
  });

  it('expires also when it was found genuine before', async () => {
    const { token } = await tokens.issue(claims);
    await tokens.verify(token);
    jest.useFakeTimers({ now: Date.now() + 906_000, doNotFake: ['nextTick', 'queueMicrotask'] });
    try {
      await expect(tokens.verify(token)).rejects.toThrow(TokenExpired);
    } finally {
      jest.useRealTimers();
    }
  });

  it('expires', async () => {
    const past = Math.floor(Date.now() / 1_000) - 10;
    await expect(tokens.verify(await forged({ payload: { exp: past } }))).rejects.toThrow(TokenExpired);
  });

  it.each<[string, Forgery]>([
    ['another issuer', { payload: { iss: 'https://evil.example' } }],
    ['another audience', { payload: { aud: 'somebody-else' } }],
    ['no expiry', { payload: { exp: undefined } }],
    ['no session', { payload: { sid: undefined } }],
    ['a user that is no id', { payload: { sub: 'root' } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['another key id', { header: { kid: 'other' } }],
    ['no key id', { header: { kid: undefined } }],
    ['another key under our id', { key: generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) }],
  ])('is refused with %s', async (_name, forgery) => {
    await expect(tokens.verify(await forged(forgery))).rejects.toThrow(InvalidToken);
  });

  it('is refused unsigned, signed with the public key as a secret, cut, and as nonsense', async () => {
    const unsigned = new UnsecuredJWT({ sub: claims.userId }).setIssuer(config.auth.issuer).encode();
    const hmac = await new SignJWT({ sub: claims.userId })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: config.auth.signingKey.kid })
      .sign(Buffer.from(config.auth.signingKey.x, 'base64url'));
    const { token } = await tokens.issue(claims);
    for (const bad of [unsigned, hmac, token.slice(0, -4), '', 'a.b.c', 'x'.repeat(3_000)]) {
      await expect(tokens.verify(bad)).rejects.toThrow(InvalidToken);
    }
  });
});

describe('an operator’s token', () => {
  const operator = { operatorId: '0190f3a0-0000-7000-8000-000000000009', epoch: 3 };

  it('says who and under which epoch, for an hour', async () => {
    const { token, expiresIn } = await operatorTokens.issue(operator);
    expect(expiresIn).toBe(3_600);
    await expect(operatorTokens.verify(token)).resolves.toEqual(operator);
  });

  it('never passes for a tenant’s, nor a tenant’s for it, whatever it claims', async () => {
    await expect(tokens.verify((await operatorTokens.issue(operator)).token)).rejects.toThrow(InvalidToken);
    await expect(operatorTokens.verify((await tokens.issue(claims)).token)).rejects.toThrow(InvalidToken);
    const both = { aud: ['quoin-api', 'quoin-landlord'], epoch: 3 };
    await expect(operatorTokens.verify(await forged({ payload: both }))).rejects.toThrow(InvalidToken);
    const typed = await forged({ payload: { epoch: 3 }, header: { typ: 'operator+jwt' } });
    await expect(operatorTokens.verify(typed)).rejects.toThrow(InvalidToken);
    await expect(tokens.verify(typed)).rejects.toThrow(InvalidToken);
  });
});

describe('an opaque token', () => {
  it('is 256 random bits, stored as a hash', () => {
    const first = newOpaqueToken();
    expect(Buffer.from(first.token, 'base64url')).toHaveLength(32);
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOpaqueToken(first.token)).toBe(first.hash);
    expect(newOpaqueToken().token).not.toBe(first.token);
  });
});
