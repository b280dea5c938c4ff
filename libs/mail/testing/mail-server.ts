import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A mail whose content came in whole, whatever was answered to it. */
export interface IncomingMail {
  readonly messageId: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** As it came over the wire, headers first. */
  readonly content: string;
}

/**
 * What becomes of a mail after its content: taken, refused with a status, or the connection is cut before any answer. A
 * mail that is `taken-and-cut` went on its way although nobody was told.
 */
export type Verdict = 'taken' | 'cut' | 'taken-and-cut' | number;

/** A real SMTP server of one spec's own, on a free port, that does as it is told. */
export class MailServer {
  /** Mails for which the server has taken responsibility, in the order in which they came. */
  readonly taken: IncomingMail[] = [];
  /** Decides about each mail; may take its time. */
  judge: (mail: IncomingMail) => Verdict | Promise<Verdict> = () => 'taken';
  /** What is answered to a recipient, when it is not 250. */
  recipientStatus: number | undefined;

  private readonly server: SMTPServer;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      closeTimeout: 500,
      onRcptTo: (_address, _session, done) => done(this.recipientStatus ? refusal(this.recipientStatus) : null),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => void this.receive(Buffer.concat(chunks).toString(), session, done));
      },
    });
    // Connections that are cut, here or by a client that was killed.
    this.server.on('error', () => undefined);
  }

  static async start(): Promise<MailServer> {
    const mail = new MailServer();
    mail.server.listen(0, '127.0.0.1');
    await once(mail.server.server, 'listening');
    return mail;
  }

  /** For `SMTP_URL`. */
  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Takes everything from now on and forgets what it has. */
  reset(): void {
    this.taken.length = 0;
    this.judge = () => 'taken';
    this.recipientStatus = undefined;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  private async receive(
    content: string,
    session: SMTPServerSession,
    done: (error?: Error | null) => void,
  ): Promise<void> {
    const to = session.envelope.rcptTo.map(({ address }) => address);
    const mail = { messageId: header(content, 'Message-ID'), to, subject: header(content, 'Subject'), content };
    const verdict = await this.judge(mail);
    if (verdict === 'taken' || verdict === 'taken-and-cut') this.taken.push(mail);
    if (verdict === 'cut' || verdict === 'taken-and-cut') return this.cut(session.id);
    done(typeof verdict === 'number' ? refusal(verdict) : null);
  }

  private cut(session: string): void {
    const { connections } = this.server as unknown as { connections: Set<{ id: string; _socket: Socket }> };
    for (const { id, _socket } of connections) if (id === session) _socket.destroy();
  }
}

function header(content: string, name: string): string {
  const match = new RegExp(`^${name}: ?((?:.*)(?:\\r?\\n[ \\t].*)*)`, 'im').exec(content);
  return (match?.[1] ?? '').replaceAll(/\r?\n[ \t]+/g, ' ').trim();
}

function refusal(status: number): Error {
  return Object.assign(new Error('scripted refusal'), { responseCode: status });
}
