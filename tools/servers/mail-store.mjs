import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMail } from './mail-parser.mjs';

const KEPT_MAX = 5000;

/** Caught mails, one pair of files each (.eml as received, .json the envelope), newest last. */
export class MailStore {
  constructor(directory) {
    this.directory = directory;
    this.mails = readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
    this.next = 1 + Number(this.mails.at(-1)?.id ?? 0);
  }

  /** @param {Buffer} raw @param {{ from: string, to: string[] }} envelope */
  keep(raw, envelope) {
    const { headers, text } = parseMail(raw);
    const mail = {
      id: String(this.next++).padStart(8, '0'),
      receivedAt: new Date().toISOString(),
      messageId: headers['message-id'],
      subject: headers.subject ?? '',
      ...envelope,
      text: text ?? '',
    };
    writeFileSync(join(this.directory, `${mail.id}.eml`), raw);
    writeFileSync(join(this.directory, `${mail.id}.json`), JSON.stringify(mail));
    this.mails.push(mail);
    if (this.mails.length > KEPT_MAX) this.#forget(this.mails.shift());
    return mail;
  }

  /** Newest first; `to` keeps those with that recipient. */
  list({ to, limit = 100 } = {}) {
    const wanted = to ? this.mails.filter((mail) => mail.to.includes(to)) : this.mails;
    return wanted.slice(-limit).reverse();
  }

  /** The mail with its parts, or undefined. */
  read(id) {
    const mail = this.mails.find((one) => one.id === id);
    if (!mail) return undefined;
    const raw = readFileSync(join(this.directory, `${id}.eml`));
    return { ...mail, ...parseMail(raw), raw };
  }

  clear() {
    for (const mail of this.mails) this.#forget(mail);
    this.mails = [];
  }

  #forget(mail) {
    for (const extension of ['eml', 'json']) rmSync(join(this.directory, `${mail.id}.${extension}`), { force: true });
  }
}
