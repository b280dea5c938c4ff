import { Injectable } from '@nestjs/common';
import { type EmailedTokenLetter, type EmailedTokenPurpose, IssueEmailedToken } from '#erp/identity';
import { currentTenant } from '#libs/context';
import { html } from '#libs/mail';
import type { EmailContent } from '../emails/send-email.js';

/** What the mail says, for each thing that a token is good for. */
interface Wording {
  readonly subject: string;
  readonly request: string;
  readonly button: string;
  readonly unasked: string;
}

const WORDINGS: Readonly<Record<EmailedTokenPurpose, Wording>> = {
  password_reset: {
    subject: 'Set a new password',
    request: 'somebody, probably you, asked for a new password. Set it here:',
    button: 'Set a new password',
    unasked: 'If it was not you, do nothing: your password stays as it is.',
  },
  email_verification: {
    subject: 'Verify your e-mail address',
    request: 'please show that this is your e-mail address:',
    button: 'Verify my address',
    unasked: 'If you do not know what this is about, do nothing: the address stays unverified.',
  },
};

/** Writes the mail with a link that only whoever reads it can have. */
@Injectable()
export class EmailedTokenMail {
  constructor(private readonly issueToken: IssueEmailedToken) {}

  /** Null when nobody is to get a mail. */
  async contentFor(requestId: string): Promise<EmailContent | null> {
    const letter = await this.issueToken.execute(requestId);
    if (!letter) return null;
    const company = currentTenant().name;
    const { subject } = WORDINGS[letter.purpose];
    return {
      to: letter.to,
      fromName: company,
      subject: `${subject} – ${company}`,
      text: textBody(letter, company),
      html: htmlBody(letter, company),
    };
  }
}

/** In UTC and to the minute: it is not known where the person is. */
function untilText({ expiresAt }: EmailedTokenLetter): string {
  return `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function textBody(letter: EmailedTokenLetter, company: string): string {
  const { request, unasked } = WORDINGS[letter.purpose];
  return [
    `Hello ${letter.to.name},`,
    '',
    request,
    '',
    letter.link,
    '',
    `The link is good once, until ${untilText(letter)}. ${unasked}`,
    '',
    company,
    '',
  ].join('\n');
}

function htmlBody(letter: EmailedTokenLetter, company: string): string {
  const { request, button, unasked } = WORDINGS[letter.purpose];
  return html`<!doctype html>
    <html lang="en">
      <body style="font-family:sans-serif;color:#222">
        <p>Hello ${letter.to.name},</p>
        <p>${request}</p>
        <p><a href="${letter.link}">${button}</a></p>
        <p>The link is good once, until ${untilText(letter)}. ${unasked}</p>
        <p>${company}</p>
      </body>
    </html>`.toString();
}
