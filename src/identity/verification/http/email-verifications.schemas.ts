import { z } from 'zod';
import { emailedTokenSchema } from '../../password-reset/http/password-resets.schemas.js';

/** Body of `POST /v1/auth/email-verifications/completion`. */
export const emailVerificationSchema = z.strictObject({ token: emailedTokenSchema }).meta({ id: 'EmailVerification' });

export type EmailVerification = z.output<typeof emailVerificationSchema>;
