import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { html, type Mail, Mailer, type MailOutcome } from './index.js';

const FROM = 'Quoin <no-reply@quoin.example>';
const mail: Mail = {
  id: 'delivery-0001',
  to: { name: 'Zoë Łęcka', address: 'zoe@customer.example' },
  subject: 'Order SO-000001 confirmed',
  text: 'Total 12.34 GBP',
  html: String(html`<p>Total <b>12.34 GBP</b></p>`),
};

interface Received {
  content: string;
  to: string[];
}

/** What the server does at DATA's end and at RCPT; `cut` drops the connection without a word. */
type Behaviour = { data?: number | 'cut' | 'hang'; recipient?: number };

let server: SMTPServer;
let mailer: Mailer;
let behaviour: Behaviour;
const received: Received[] = [];

function refusal(status: number): Error {
  return Object.assign(new Error('scripted refusal'), { responseCode: status });
}

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) =>
      done(behaviour.recipient === undefined ? null : refusal(behaviour.recipient)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (behaviour.data === 'hang') return;
        if (behaviour.data === 'cut') return cutConnections();
        if (behaviour.data !== undefined) return done(refusal(behaviour.data));
        const to = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ content: Buffer.concat(chunks).toString(), to });
        done(null);
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
});
afterAll((done) => server.close(done));

beforeEach(() => {
  behaviour = {};
  received.length = 0;
  mailer = mailerOn(server.server.address() as { port: number });
});
afterEach(() => mailer.onApplicationShutdown());

function mailerOn({ port }: { port: number }): Mailer {
  return new Mailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: FROM, idleTimeoutMs: 400, sendTimeoutMs: 3_000 });
}

function cutConnections(): void {
  const { connections } = server as unknown as { connections: Set<{ _socket: Socket }> };
  for (const { _socket } of connections) _socket.destroy();
}

describe('an accepted mail', () => {
  it('carries its id, both bodies and its headers', async () => {
    const outcome = await mailer.send({ ...mail, fromName: 'Łódź Gifts', headers: { 'X-Correlation-Id': 'c-1' } });
    expect(outcome).toMatchObject({ result: 'accepted', messageId: '<delivery-0001@quoin.example>' });
    const [{ content, to } = { content: '', to: [] }] = received;
    expect(to).toEqual(['zoe@customer.example']);
    expect(content).toContain('Message-ID: <delivery-0001@quoin.example>');
    expect(content).toMatch(/^X-Correlation-ID: c-1$/im);
    expect(content).toContain('Auto-Submitted: auto-generated');
    expect(content).toMatch(/^From: =\?UTF-8\?.*<no-reply@quoin.example>/m);
    expect(content).toContain('Content-Type: multipart/alternative');
    expect(content).toContain('Total 12.34 GBP');
    expect(content).toContain('<p>Total <b>12.34 GBP</b></p>');
  });

  it('gains no header from a subject, a name or a header value', async () => {
    const subject = 'Hello\r\nBcc: spy@evil.example';
    await mailer.send({
      ...mail,
      subject,
      fromName: 'A\r\nBcc: spy@evil.example',
      to: { ...mail.to, name: 'B\nBcc: x@y' },
    });
    expect(received[0]?.content).not.toMatch(/^Bcc:/m);
    expect(received[0]?.to).toEqual(['zoe@customer.example']);
    await expect(mailer.send({ ...mail, headers: { 'X-A': 'b\r\nBcc: c' } })).rejects.toThrow(TypeError);
    await expect(mailer.send({ ...mail, id: 'a> b' })).rejects.toThrow(TypeError);
  });

  it('goes over a connection that is used again', async () => {
    const opened: Socket[] = [];
    server.server.on('connection', (socket: Socket) => opened.push(socket));
    for (let count = 0; count < 3; count += 1) expect((await mailer.send(mail)).result).toBe('accepted');
    expect(opened).toHaveLength(1);
  });
});

describe('a mail that is not accepted', () => {
  it.each<[string, Behaviour, MailOutcome]>([
    [
      'rejected for its recipient',
      { recipient: 550 },
      { result: 'rejected', smtpStatus: 550, reason: expect.any(String) },
    ],
    ['rejected for its content', { data: 554 }, { result: 'rejected', smtpStatus: 554, reason: expect.any(String) }],
    [
      'deferred by grey-listing',
      { recipient: 450 },
      { result: 'deferred', smtpStatus: 450, reason: expect.any(String) },
    ],
    ['deferred after its content', { data: 451 }, { result: 'deferred', smtpStatus: 451, reason: expect.any(String) }],
    [
      'deferred by a server that goes down',
      { data: 421 },
      { result: 'deferred', smtpStatus: 421, reason: expect.any(String) },
    ],
    [
      'unknown when the connection is cut after the content',
      { data: 'cut' },
      { result: 'unknown', reason: expect.any(String) },
    ],
    [
      'unknown when no answer to the content comes',
      { data: 'hang' },
      { result: 'unknown', reason: expect.any(String) },
    ],
  ])('is %s', async (_name, scripted, outcome) => {
    behaviour = scripted;
    expect(await mailer.send(mail)).toEqual(outcome);
    expect(received).toEqual([]);
    behaviour = {};
    expect((await mailer.send(mail)).result).toBe('accepted');
    expect(received).toHaveLength(1);
  });

  it.each([
    'nobody',
    'a@b.example, spy@evil.example',
    'a@b\r\nRCPT TO:<spy@evil.example>',
    '<a@b.example>, <spy@evil.example>',
  ])('reaches nobody else by the address %j', async (address) => {
    await mailer.send({ ...mail, to: { address } });
    expect(received.flatMap(({ to }) => to)).not.toContain('spy@evil.example');
  });

  it('is deferred when nobody listens', async () => {
    const closed = await listening(() => undefined);
    const address = closed.address() as { port: number };
    closed.close();
    await once(closed, 'close');
    const lonely = mailerOn(address);
    expect(await lonely.send(mail)).toMatchObject({ result: 'deferred', smtpStatus: undefined });
    await expect(lonely.ping()).rejects.toThrow(/ECONNREFUSED/);
    lonely.onApplicationShutdown();
  });

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    ['hangs up at once', (socket) => socket.destroy()],
    ['is too busy', (socket) => socket.end('421 too busy\r\n')],
    ['does not want us', (socket) => socket.end('554 go away\r\n')],
    ['hangs up before the content', (socket) => talk(socket, { DATA: undefined })],
    ['wants a login', (socket) => talk(socket, { MAIL: '530 authentication required' })],
  ])('is deferred by a server that %s', async (_name, serve) => {
    const strange = await listening(serve);
    const troubled = mailerOn(strange.address() as { port: number });
    expect(await troubled.send(mail)).toMatchObject({ result: 'deferred' });
    troubled.onApplicationShutdown();
    strange.close();
  });
});

it('answers a probe', async () => {
  await expect(mailer.ping()).resolves.toBeUndefined();
});

async function listening(serve: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>();
  const strange = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  strange.on('close', () => sockets.forEach((socket) => socket.destroy()));
  strange.listen(0, '127.0.0.1');
  await once(strange, 'listening');
  return strange;
}

/** A server that says yes to everything but the commands in `answers`; undefined = it hangs up. */
function talk(socket: Socket, answers: Record<string, string | undefined>): void {
  socket.write('220 ready\r\n');
  socket.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().trimEnd().split('\r\n')) {
      const command = line.slice(0, 4).toUpperCase();
      if (command in answers && answers[command] === undefined) return socket.destroy();
      socket.write(`${answers[command] ?? '250 ok'}\r\n`);
    }
  });
}
