import { z } from 'zod';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '#erp/tenants';
import { emailSchema } from '#libs/http';

/** What stands in a link that was mailed. */
export const emailedTokenSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, { message: 'Must be the token from the link' })
  .describe('From the fragment of the link: what follows `#token=`');

/** Body of `POST /v1/auth/password-resets`. */
export const passwordResetRequestSchema = z
  .strictObject({ email: emailSchema })
  .meta({ id: 'PasswordResetRequest', example: { email: 'owner@acme.example' } });

/** Body of `POST /v1/auth/password-resets/completion`. */
export const passwordResetCompletionSchema = z
  .strictObject({
    token: emailedTokenSchema,
    password: z.string().min(PASSWORD_LENGTH_MIN).max(PASSWORD_LENGTH_MAX),
  })
  .meta({ id: 'PasswordResetCompletion' });

export type PasswordResetRequest = z.output<typeof passwordResetRequestSchema>;
export type PasswordResetCompletion = z.output<typeof passwordResetCompletionSchema>;
