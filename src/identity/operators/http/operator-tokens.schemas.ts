import { z } from 'zod';
import type { IssuedToken } from '#libs/auth';

/** Body of `POST /v1/operator/tokens`. */
export const operatorSignInSchema = z
  .strictObject({ email: z.string().min(1).max(254), password: z.string().min(1).max(200) })
  .meta({ id: 'OperatorSignIn' });

/** An operator's token. */
export const operatorTokenSchema = z
  .strictObject({
    accessToken: z.string().describe('Send it as `Authorization: Bearer …`; it opens the landlord’s routes alone'),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('Seconds; then sign in again'),
  })
  .meta({ id: 'OperatorToken' });

/** What an operator who signs in sends. */
export type OperatorSignInBody = z.output<typeof operatorSignInSchema>;

/** The answer with a token. */
export function presentOperatorToken({ token, expiresIn }: IssuedToken): z.input<typeof operatorTokenSchema> {
  return { accessToken: token, tokenType: 'Bearer', expiresIn };
}
