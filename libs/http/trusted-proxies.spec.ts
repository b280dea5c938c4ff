import { get, type IncomingMessage } from 'node:http';
import { Controller, Get, Module, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public, WithoutTenant } from './index.js';
import { testServer, type TestServer } from './testing/index.js';

@Controller({ path: 'caller', version: '1' })
@Public()
@WithoutTenant()
class CallerController {
  @Get()
  seen(@Req() { ip, hostname, protocol }: FastifyRequest): unknown {
    return { ip, hostname, protocol };
  }
}

@Module({ controllers: [CallerController] })
class CallerModule {}

const servers: TestServer[] = [];

afterAll(() => Promise.all(servers.map((server) => server.stop())));

/** What the API believes of a caller from this machine that sends these headers. */
async function believed(trusted: string, headers: Record<string, string>): Promise<unknown> {
  const server = await testServer(CallerModule, { env: { TRUSTED_PROXIES: trusted } });
  servers.push(server);
  return new Promise((resolve, reject) => {
    get(`${server.url}/v1/caller`, { headers: { host: 'api.example', ...headers } }, (response: IncomingMessage) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve(JSON.parse(body)));
    }).on('error', reject);
  });
}

const FORGED = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'acme.quoin.example',
  'x-forwarded-proto': 'https',
};
const AS_IT_IS = { ip: '127.0.0.1', hostname: 'api.example', protocol: 'http' };

it.each([
  ['nobody is trusted', ''],
  ['others are trusted', '10.0.0.0/8, 2001:db8::/32'],
])('forwarded headers are not believed when %s', async (_name, trusted) => {
  expect(await believed(trusted, FORGED)).toEqual(AS_IT_IS);
});

it('a trusted proxy is believed about the caller, the host and the protocol', async () => {
  expect(await believed('127.0.0.0/8', FORGED)).toEqual({
    ip: '203.0.113.9',
    hostname: 'acme.quoin.example',
    protocol: 'https',
  });
});

it('what a caller has put in front of the list is not believed: the last one that no trusted proxy added counts', async () => {
  const chain = { ...FORGED, 'x-forwarded-for': '1.1.1.1, 203.0.113.9, 10.1.2.3' };
  expect(await believed('127.0.0.1, 10.0.0.0/8', chain)).toMatchObject({ ip: '203.0.113.9' });
});

it.each(['0.0.0.0/0', '::/0', '*', 'true', '10.0.0.0/33', 'proxy.example'])(
  'a process does not start when it is to trust %s',
  async (trusted) => {
    await expect(believed(trusted, {})).rejects.toThrow('TRUSTED_PROXIES');
  },
);
