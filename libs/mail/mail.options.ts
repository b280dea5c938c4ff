/** Injection token of {@link MailOptions}. */
export const MAIL_OPTIONS = Symbol('MailOptions');

/** Where mail goes. `AppConfig.mail` has this shape. */
export interface MailOptions {
  /**
   * `smtp://user:password@host:port` (STARTTLS when offered; `?requireTLS=true` refuses to go without) or `smtps://…`.
   */
  readonly smtpUrl: string;
  /** The sender, `Name <name@domain>`; message ids are formed in its domain. */
  readonly from: string;
  /** No bytes from the server for this long: the connection is given up; milliseconds, default 15,000. */
  readonly idleTimeoutMs?: number;
  /** One mail takes no longer than this, waiting for a connection included; milliseconds, default 45,000. */
  readonly sendTimeoutMs?: number;
}
