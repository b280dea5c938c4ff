/**
 * What became of a mail.
 * - `accepted`: the server took responsibility.
 * - `rejected`: it refused this mail for good (5xx); trying again would only be refused again.
 * - `deferred`: surely not sent (4xx, no connection, not our login); try later.
 * - `unknown`: the connection was lost while or after the mail was handed over; it may have been sent. Only then may a
 *   second copy arrive: send it again with the same id.
 */
export type MailOutcome =
  | { readonly result: 'accepted'; readonly messageId: string; readonly response: string }
  | { readonly result: 'rejected' | 'deferred'; readonly smtpStatus: number | undefined; readonly reason: string }
  | { readonly result: 'unknown'; readonly reason: string };

/** What nodemailer tells about a failure. */
interface SendFailure {
  readonly code?: string;
  readonly responseCode?: number;
  readonly permanent?: boolean;
  readonly message: string;
}

// The server is not satisfied with us, not with the mail: the operator can mend it and the mail can go out then.
const LOGIN_STATUSES = new Set([530, 534, 535, 538]);
const ABOUT_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);
const REASON_LENGTH_MAX = 300;

/**
 * Judges a failure. `handedOver` = the server had agreed to take the mail's content (354) and at least a part of it was
 * on its way.
 */
export function failureOutcome(error: unknown, handedOver: boolean): MailOutcome {
  const failure = error as SendFailure;
  const smtpStatus = failure.responseCode;
  const reason = failure.message.slice(0, REASON_LENGTH_MAX);
  if (smtpStatus === undefined && handedOver) return { result: 'unknown', reason };
  const aboutTheMail = ABOUT_THE_MAIL.has(failure.code ?? '') && !LOGIN_STATUSES.has(smtpStatus ?? 0);
  // Without a status it is an address or size that nodemailer itself refused to put on the wire.
  const permanent = smtpStatus === undefined || failure.permanent === true;
  return { result: aboutTheMail && permanent ? 'rejected' : 'deferred', smtpStatus, reason };
}
