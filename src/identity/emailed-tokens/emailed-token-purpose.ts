/** What a token that was mailed is good for. */
export type EmailedTokenPurpose = 'password_reset' | 'email_verification';

/** How long it is good for; seconds. An hour, and three days. */
export const LIFE_S: Readonly<Record<EmailedTokenPurpose, number>> = {
  password_reset: 3_600,
  email_verification: 259_200,
};
