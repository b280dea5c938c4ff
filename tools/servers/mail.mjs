/**
 * The local mail catcher: takes every mail over SMTP (SMTP_PORT), keeps it in DIRECTORY, and shows it on HTTP (HTTP_PORT).
 */
import { mkdirSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';
import { MailStore } from './mail-store.mjs';
import { mailPages } from './mail-pages.mjs';

// HOST is for containers, where 127.0.0.1 reaches nobody else.
const { HOST = '127.0.0.1', SMTP_PORT, HTTP_PORT, DIRECTORY } = process.env;
mkdirSync(DIRECTORY, { recursive: true });
const store = new MailStore(DIRECTORY);

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onAuth: (auth, session, done) => done(null, { user: auth.username }),
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('error', done);
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      const recipients = rcptTo.map((recipient) => recipient.address);
      store.keep(Buffer.concat(chunks), { from: mailFrom ? mailFrom.address : '', to: recipients });
      done();
    });
  },
});
smtp.on('error', (error) => process.stderr.write(`${error.stack}\n`));
smtp.listen(Number(SMTP_PORT), HOST);

const pages = mailPages(store);
pages.listen(Number(HTTP_PORT), HOST);
process.stdout.write(`SMTP on ${HOST}:${SMTP_PORT}, caught mail on http://${HOST}:${HTTP_PORT}\n`);

process.once('SIGTERM', () => process.exit(0));
