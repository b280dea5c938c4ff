import { z } from 'zod';

const EMAIL_LOCAL_MAX = 64;

/** An e-mail address within the lengths of RFC 5321, 4.5.3.1: longer ones are accepted by no server. */
export const emailSchema = z
  .email()
  .max(254)
  .refine((address) => address.lastIndexOf('@') <= EMAIL_LOCAL_MAX, {
    message: `At most ${EMAIL_LOCAL_MAX} characters before the @`,
  });
