/** A person or company that mail goes to. */
export interface MailAddress {
  readonly name?: string;
  /** `local@domain`, checked by the server that takes the mail. */
  readonly address: string;
}

/** One mail to one recipient, so that its outcome is one outcome. */
export interface Mail {
  /**
   * Stable name of this mail, 1 to 128 of A-Z a-z 0-9 . _ -: the `Message-ID` is `<id@domain of the sender>`. Sending
   * again after an unknown outcome with the same id lets the recipient's side recognise the copy.
   */
  readonly id: string;
  readonly to: MailAddress;
  /** Shown instead of the configured sender's name; the address stays. */
  readonly fromName?: string;
  readonly replyTo?: MailAddress;
  /** Line breaks and other control characters become spaces. */
  readonly subject: string;
  /** The plain text body. */
  readonly text: string;
  /** The same as HTML: make it with `html`, which escapes. */
  readonly html: string;
  /** Further headers, e.g. `X-Correlation-Id`; ASCII without line breaks. */
  readonly headers?: Readonly<Record<string, string>>;
}

const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,75}$/;
const HEADER_VALUE = /^[\x20-\x7e]{0,900}$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** `Message-ID` of a mail from the sender `from`. Throws a `TypeError` for an id that could not be one. */
export function messageIdOf(id: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1];
  if (domain === undefined || !ID.test(id))
    throw new TypeError('a message id needs a plain id and a sender with a domain');
  return `<${id}@${domain}>`;
}

/** The address alone of `Name <name@domain>` or `name@domain`. */
export function bareAddress(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
}

/** One line: a value from outside cannot begin a header of its own. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

/** Throws a `TypeError` for a header that could carry another one. */
export function assertPlainHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value))
      throw new TypeError(`the header ${name} is not plain ASCII`);
  }
}
