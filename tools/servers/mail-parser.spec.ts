import nodemailer from 'nodemailer';
import { parseMail } from './mail-parser.mjs';

/** A mail as the platform sends it, composed by the same library. */
async function compose(mail: object): Promise<Buffer> {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
  const { message } = await transport.sendMail({ from: 'a@quoin.test', to: 'b@quoin.test', ...mail });
  return message as Buffer;
}

describe('a caught mail', () => {
  it('is read with its subject, both texts and its attachment', async () => {
    const text = `Grüße, Jürgen = 1\n\n${'A long line that is folded by quoted-printable. '.repeat(3)}`;
    const attachments = [{ filename: 'Invoice 2026-1.pdf', content: Buffer.from([0, 255, 13, 10]) }];
    const mail = parseMail(
      await compose({ subject: 'Bestätigt: № 7 – 12,34 €', text, html: '<p>Grüße</p>', attachments }),
    );
    expect(mail.headers.subject).toBe('Bestätigt: № 7 – 12,34 €');
    expect(mail.text.replaceAll('\r\n', '\n').trimEnd()).toBe(text.trimEnd());
    expect(mail.html).toBe('<p>Grüße</p>');
    expect(mail.attachments).toEqual([
      { filename: 'Invoice 2026-1.pdf', contentType: 'application/pdf', content: Buffer.from([0, 255, 13, 10]) },
    ]);
  });
});
