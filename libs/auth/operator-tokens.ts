import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { InvalidToken } from './auth.errors.js';
import { type IssuedToken, type TokenKind, TokenSigner } from './token-signer.js';

/** What an operator's token says. */
export interface OperatorClaims {
  readonly operatorId: string;
  /** Counted up when all tokens of the operator become void: a new password, signing out, being disabled. */
  readonly epoch: number;
}

/** A type and an audience of its own: it opens no tenant, and no tenant's token opens the landlord. */
const KIND: TokenKind = { type: 'operator+jwt', audience: 'quoin-landlord' };

/** There is no refresh token: after this an operator signs in again. */
const LIFE_S = 3_600;

const payloadSchema = z.object({ sub: z.uuid(), epoch: z.int().nonnegative() });

/** Issues and reads the tokens of landlord operators. */
@Injectable()
export class OperatorTokens {
  constructor(private readonly signer: TokenSigner) {}

  /** A signed token, good for an hour. */
  async issue({ operatorId, epoch }: OperatorClaims): Promise<IssuedToken> {
    return this.signer.sign(KIND, { subject: operatorId, claims: { epoch }, lifeS: LIFE_S });
  }

  /**
   * Reads a token. Whether its operator is still one is for the OperatorVerifier to say.
   *
   * @throws TokenExpired
   * @throws InvalidToken
   */
  async verify(token: string): Promise<OperatorClaims> {
    const parsed = payloadSchema.safeParse(await this.signer.read(KIND, token));
    if (!parsed.success) throw new InvalidToken();
    return { operatorId: parsed.data.sub, epoch: parsed.data.epoch };
  }
}
