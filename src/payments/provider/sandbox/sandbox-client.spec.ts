import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { PaymentProviderUnavailable } from '../provider.errors.js';
import { SandboxClient } from './sandbox-client.js';

let server: Server;
let url: string;
let listener: RequestListener;

beforeAll(async () => {
  server = createServer((request, response) => listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const never = new AbortController().signal;
const schema = z.object({ id: z.string() });
const post = (signal = never, target = url) =>
  new SandboxClient({ url: target, apiKey: 'key', timeoutMs: 300 }).post(
    '/v1/charges',
    'k-1',
    { a: 1 },
    schema,
    signal,
  );
const answering = (status: number, body: string, headers = {}): RequestListener => {
  return (_request, response) => void response.writeHead(status, headers).end(body);
};
const silent: RequestListener = () => undefined;
const cutting: RequestListener = (request) => void request.socket.destroy();
const error = (code: string) => JSON.stringify({ error: { code, message: 'no' } });

it('sends key and credentials, and reads the answer', async () => {
  let seen: unknown;
  listener = (request, response) => {
    const { authorization, 'idempotency-key': key } = request.headers;
    seen = [request.method, request.url, authorization, key];
    response.writeHead(201).end('{"id":"ch_1"}');
  };
  expect(await post()).toEqual({ kind: 'answered', body: { id: 'ch_1' } });
  expect(seen).toEqual(['POST', '/v1/charges', 'Bearer key', 'k-1']);
});

it.each([
  ['500', answering(500, error('internal_error')), 'status 500'],
  ['409, because the first call is still in flight', answering(409, error('idempotency_key_in_use')), 'status 409'],
  ['a redirect, which is not followed', answering(302, '', { location: 'http://127.0.0.1:1/' }), 'status 302'],
  [
    'a key that was used for another request',
    answering(422, error('idempotency_key_reused')),
    'idempotency_key_reused',
  ],
  ['an answer that is not JSON', answering(201, '<html>'), 'an answer that cannot be read'],
  ['an answer without what is promised', answering(201, '{}'), 'an answer that cannot be read'],
  ['an answer without end', answering(201, 'x'.repeat(300 * 1024)), 'answer_too_long'],
  ['silence', silent, 'TimeoutError'],
  ['a line that is cut', cutting, 'UND_ERR_SOCKET'],
])('does not know what was done after %s', async (_, next, reason) => {
  listener = next;
  expect(await post()).toEqual({ kind: 'unknown', reason });
});

it('takes a reasoned refusal as final', async () => {
  listener = answering(422, error('refund_exceeds_captured'));
  expect(await post()).toEqual({ kind: 'refused', code: 'refund_exceeds_captured' });
});

it.each([
  ['401', answering(401, error('unauthenticated'))],
  ['403', answering(403, '')],
  ['429', answering(429, '')],
  ['404 without a reason: it is not the provider who answers', answering(404, '<html>')],
])('is not available after %s', async (_, next) => {
  listener = next;
  await expect(post()).rejects.toThrow(PaymentProviderUnavailable);
});

it('is not available when nobody listens', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await expect(post(never, `http://127.0.0.1:${port}`)).rejects.toThrow(PaymentProviderUnavailable);
});

it('ends with the work that it is for', async () => {
  listener = () => undefined;
  const controller = new AbortController();
  const reason = new Error('the worker stops');
  const call = post(controller.signal);
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
  await expect(post(controller.signal)).rejects.toBe(reason);
});
