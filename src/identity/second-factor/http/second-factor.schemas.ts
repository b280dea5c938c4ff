import { z } from 'zod';
import { instantSchema } from '#libs/http';
import { RECOVERY_CODES } from '../recovery-codes.js';
import type { FactorState } from '../factor-state.js';

const code = z
  .string()
  .trim()
  .min(6)
  .max(40)
  .describe('Six digits of the authenticator, or a recovery code; each is good once');

/** Body of the routes that ask for a code. */
export const codeSchema = z.strictObject({ code }).meta({ id: 'SecondFactorCode', example: { code: '492039' } });

/** Body of `POST /v1/auth/tokens/second-factor`. */
export const challengeAnswerSchema = z
  .strictObject({
    challenge: z
      .string()
      .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)
      .max(1_000)
      .describe('`details.challenge` of the refusal `auth.second_factor_required`'),
    code,
  })
  .meta({ id: 'SecondFactorAnswer' });

/** What goes into the authenticator. */
export const setUpSchema = z
  .strictObject({
    secret: z.string().describe('Base32, for typing in'),
    uri: z.string().describe('`otpauth://…`, for a QR code'),
  })
  .meta({ id: 'SecondFactorSetUp' });

/** Codes for the day on which the authenticator is lost. */
export const recoveryCodesSchema = z
  .strictObject({
    recoveryCodes: z.array(z.string()).length(RECOVERY_CODES).describe('Shown this once; each is good once'),
  })
  .meta({ id: 'RecoveryCodes' });

/** The caller's second factor. */
export const secondFactorSchema = z
  .strictObject({
    active: z.boolean(),
    confirmedAt: instantSchema.nullable(),
    recoveryCodesLeft: z.int(),
  })
  .meta({ id: 'SecondFactor' });

export type CodeBody = z.output<typeof codeSchema>;
export type ChallengeAnswerBody = z.output<typeof challengeAnswerSchema>;

/** The answer for the caller's second factor, or for none. */
export function presentFactor(state: FactorState | undefined): z.input<typeof secondFactorSchema> {
  if (!state) return { active: false, confirmedAt: null, recoveryCodesLeft: 0 };
  const { confirmedAt, recoveryCodesLeft } = state;
  return { active: true, confirmedAt: confirmedAt.toISOString(), recoveryCodesLeft };
}
