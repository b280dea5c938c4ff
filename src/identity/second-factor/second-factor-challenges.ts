import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type TokenKind, TokenSigner } from '#libs/auth';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { z } from 'zod';
import { type FirstFactor, SecondFactorCheck, type SecondFactorChallenge } from '../sessions/second-factor-check.js';
import { ChallengeRefused } from './second-factor.errors.js';
import { SecondFactors } from './second-factors.repository.js';

/** What a challenge says. */
export interface OpenChallenge {
  readonly userId: string;
  /** How the first factor was shown. */
  readonly amr: readonly string[];
  /** Of the hash that was the user's password then. */
  readonly fingerprint: string;
}

/** A type and an audience of its own: no challenge passes for an access token, nor the other way round. */
const KIND: TokenKind = { type: 'second-factor+jwt', audience: 'quoin-second-factor' };

/** Long enough to find the telephone. */
const LIFE_S = 300;

const payloadSchema = z.object({
  sub: z.uuid(),
  tid: z.uuid(),
  amr: z.string().max(50),
  pwd: z.string().length(43),
});

/**
 * Asks users who have a second factor for it. A challenge is signed and kept nowhere: it opens nothing without a code, and
 * every code is good once.
 */
@Injectable()
export class SecondFactorChallenges extends SecondFactorCheck {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly factors: SecondFactors,
    private readonly signer: TokenSigner,
  ) {
    super();
  }

  override async challengeFor(firstFactor: FirstFactor): Promise<SecondFactorChallenge | undefined> {
    const { userId, passwordHash, amr } = firstFactor;
    const factor = await this.unitOfWork.read(() => this.factors.confirmedOf(userId), { primary: true });
    if (!factor) return undefined;
    const claims = { tid: currentTenant().id, amr: amr.join(' '), pwd: fingerprintOf(passwordHash) };
    const { token, expiresIn } = await this.signer.sign(KIND, { subject: userId, claims, lifeS: LIFE_S });
    return { challenge: token, methods: ['totp', 'recovery_code'], expiresInS: expiresIn };
  }

  /** What a challenge of this tenant says. @throws ChallengeRefused */
  async open(challenge: string): Promise<OpenChallenge> {
    const payload = await this.signer.read(KIND, challenge).catch((error: unknown) => {
      throw new ChallengeRefused({ cause: error });
    });
    const parsed = payloadSchema.safeParse(payload);
    if (!parsed.success || parsed.data.tid !== currentTenant().id) throw new ChallengeRefused();
    const { sub, amr, pwd } = parsed.data;
    return { userId: sub, amr: amr.split(' '), fingerprint: pwd };
  }
}

/** Tells whether a password is still the one it was, without saying anything of it. */
export function fingerprintOf(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('base64url');
}
