/** E-mail over SMTP, with an honest answer to "was it sent?" (requirement C7). */
export { escapeHtml, html, SafeHtml } from './html.js';
export { MAIL_OPTIONS, type MailOptions } from './mail.options.js';
export { MailModule } from './mail.module.js';
export type { Mail, MailAddress } from './mail-message.js';
export type { MailOutcome } from './mail-outcome.js';
export { Mailer } from './mailer.js';
