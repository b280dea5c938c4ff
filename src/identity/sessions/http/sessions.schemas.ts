import { z } from 'zod';
import { instantSchema, pageOf, pageQuery, uuid } from '#libs/http';
import type { SessionView } from '../session.queries.js';

/** A session as the API shows it. */
export const sessionSchema = z
  .strictObject({
    id: uuid,
    device: z.string().nullable().describe('From the user agent: `Firefox on Linux`'),
    userAgent: z.string().nullable(),
    ip: z.string().nullable().describe('Where it was opened from'),
    amr: z.array(z.string()).describe('How its user signed in (RFC 8176): pwd, otp, …'),
    createdAt: instantSchema,
    lastSeenAt: instantSchema.describe('To the minute'),
    expiresAt: instantSchema.describe('However busy, it ends then'),
    isCurrent: z.boolean(),
  })
  .meta({ id: 'Session' });

/** A page of sessions. */
export const sessionPageSchema = pageOf(sessionSchema);

/** Query of `GET /v1/auth/sessions`. */
export const sessionListQuery = pageQuery({});

/** Query of `GET /v1/auth/sessions`. */
export type SessionListQuery = z.output<typeof sessionListQuery>;

/** The answer for a session. */
export function presentSession(session: SessionView): z.input<typeof sessionSchema> {
  const { createdAt, lastSeenAt, expiresAt, amr, ...rest } = session;
  return {
    ...rest,
    amr: [...amr],
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
