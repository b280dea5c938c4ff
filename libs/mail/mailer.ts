import type { Readable } from 'node:stream';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { MAIL_OPTIONS, type MailOptions } from './mail.options.js';
import { assertPlainHeaders, bareAddress, type Mail, messageIdOf, oneLine } from './mail-message.js';
import { failureOutcome, type MailOutcome } from './mail-outcome.js';

const CONNECTIONS_MAX = 3;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 15_000;
const SEND_TIMEOUT_MS = 45_000;

/** The streams from which one mail's content was offered to the server. */
type Handover = Readable[];

/** Sends mail over a small pool of SMTP connections. Call it outside of any unit of work. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly transport: ReturnType<typeof smtpPool>;
  // Keyed by the one thing of a call that nodemailer hands on untouched: its abort signal.
  private readonly handovers = new WeakMap<AbortSignal, Handover>();

  constructor(@Inject(MAIL_OPTIONS) private readonly options: MailOptions) {
    this.transport = smtpPool(options);
    this.transport.use('stream', (mail, done) => {
      this.watchHandover(mail);
      done();
    });
  }

  /** Sends one mail and says what became of it. Throws only for a message that is wrong in itself (`TypeError`). */
  async send(mail: Mail): Promise<MailOutcome> {
    const messageId = messageIdOf(mail.id, this.options.from);
    assertPlainHeaders(mail.headers ?? {});
    const signal = AbortSignal.timeout(this.options.sendTimeoutMs ?? SEND_TIMEOUT_MS);
    const handover: Handover = [];
    this.handovers.set(signal, handover);
    try {
      const { response } = await this.transport.sendMail({ ...this.content(mail), messageId, signal });
      return { result: 'accepted', messageId, response };
    } catch (error) {
      return failureOutcome(
        error,
        handover.some((stream) => stream.readableDidRead),
      );
    }
  }

  /** Whether the server greets and takes the login, for probes and diagnostics. Rejects when it does not. */
  async ping(): Promise<void> {
    await this.transport.verify();
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }

  private content(mail: Mail) {
    const { from } = this.options;
    return {
      from: mail.fromName === undefined ? from : { name: oneLine(mail.fromName), address: bareAddress(from) },
      to: { name: oneLine(mail.to.name ?? ''), address: mail.to.address },
      ...(mail.replyTo && { replyTo: { name: oneLine(mail.replyTo.name ?? ''), address: mail.replyTo.address } }),
      subject: oneLine(mail.subject),
      text: mail.text,
      html: mail.html,
      // RFC 3834: no out-of-office answers to a machine.
      headers: { 'Auto-Submitted': 'auto-generated', ...mail.headers },
    };
  }

  /** nodemailer opens the content's stream for every attempt and reads it only after the server's 354. */
  private watchHandover(mail: {
    data: { signal?: AbortSignal | undefined };
    message: { createReadStream(): Readable };
  }): void {
    const handover = mail.data.signal && this.handovers.get(mail.data.signal);
    const { message } = mail;
    const open = message.createReadStream.bind(message);
    message.createReadStream = () => {
      const stream = open();
      handover?.push(stream);
      return stream;
    };
  }
}

function smtpPool(options: MailOptions) {
  return createTransport({
    url: options.smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
    // Of mails of which not a byte was handed over; everything else is the caller's decision.
    maxRequeues: 1,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
