import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testConfig } from '#libs/config/testing';
import { AddressRules } from './address-rules.js';
import { AddressRefused, EgressFailed } from './egress.errors.js';
import { GuardedFetch } from './guarded-fetch.js';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

const strict = new GuardedFetch(testConfig());
const development = new GuardedFetch(testConfig({ EGRESS_PRIVATE_NETWORKS: '127.0.0.0/8,::1' }));

describe('an address', () => {
  const allows = (address: string): boolean => new AddressRules([]).allows(address);

  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4009::200e'])(
    '%s is public',
    (ip) => {
      expect(allows(ip)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '64:ff9b::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '2002:7f00:1::',
    '2001:db8::1',
    '2001:0:1::1',
    'nonsense',
  ])('%s is not', (ip) => {
    expect(allows(ip)).toBe(false);
  });

  it('of a named private network is allowed, however it is written', () => {
    const rules = new AddressRules(['10.20.0.0/16', 'fd00::/8']);
    expect(['10.20.3.4', '::ffff:10.20.3.4', 'fd00::5'].map((ip) => rules.allows(ip))).toEqual([true, true, true]);
    expect(['10.21.3.4', '127.0.0.1', 'fe80::5'].map((ip) => rules.allows(ip))).toEqual([false, false, false]);
  });
});

describe('GuardedFetch', () => {
  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://user:secret@example.com/',
    'http://8.8.8.8/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'example.com',
    '',
  ])('refuses %s before anything is sent', async (address) => {
    expect(() => strict.requireAllowed(address)).toThrow(AddressRefused);
    await expect(strict.fetch(address)).rejects.toThrow(AddressRefused);
  });

  it('sends nothing without TLS in production, whatever the network', () => {
    const egress = { privateNetworks: ['10.0.0.0/8'], plainHttp: false };
    const production = new GuardedFetch(Object.assign(testConfig(), { egress }));
    for (const address of ['http://accounts.example.com/', 'http://10.0.0.1/']) {
      expect(() => production.requireAllowed(address)).toThrow(AddressRefused);
    }
    expect(production.requireAllowed('https://10.0.0.1/').hostname).toBe('10.0.0.1');
  });

  it('refuses a name for what it resolves to, without connecting', async () => {
    let connections = 0;
    const port = await serve((_request, response) => response.end());
    servers.at(-1)?.on('connection', () => (connections += 1));
    for (const scheme of ['https', 'http']) {
      await expect(strict.fetch(`${scheme}://localhost:${port}/`)).rejects.toThrow(AddressRefused);
    }
    expect(connections).toBe(0);
    // The server is there: whoever may, reaches it by the same name.
    expect((await development.fetch(`http://localhost:${port}/`)).status).toBe(200);
    expect(connections).toBe(1);
  });

  it('sends a method, headers and a body, and gives the answer', async () => {
    const port = await serve((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        response.writeHead(201, { 'content-type': 'application/json', 'x-echo': request.headers['x-given'] });
        response.end(JSON.stringify({ method: request.method, text }));
      });
    });
    const request = { method: 'POST', headers: { 'x-given': 'yes' }, body: 'grüße' };
    const answer = await development.fetch(`http://127.0.0.1:${port}/`, request);
    expect([answer.status, answer.headers.get('x-echo')]).toEqual([201, 'yes']);
    expect(await answer.json()).toEqual({ method: 'POST', text: 'grüße' });
  });

  it('follows no redirect', async () => {
    const port = await serve((_request, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end());
    const answer = await development.fetch(`http://127.0.0.1:${port}/`);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'http://10.0.0.1/']);
  });

  it('gives up on an answer that does not end', async () => {
    const port = await serve((_request, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(262_144)), 1);
      response.on('close', () => clearInterval(timer));
    });
    await expect(development.fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow(EgressFailed);
  });

  it('gives up when it is told to', async () => {
    const port = await serve(() => undefined);
    const answer = development.fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(50) });
    await expect(answer).rejects.toThrow(EgressFailed);
  });
});
