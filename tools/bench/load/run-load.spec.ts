import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { runLoad } from './run-load.mjs';

let server: Server;
let requests: string[];

afterEach(() => void server.close());

/** A server that answers each request with what `answer` writes. */
async function serving(answer: (socket: Socket, count: number) => void): Promise<number> {
  requests = [];
  server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      requests.push(chunk.toString());
      answer(socket, requests.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

const ok = (body = 'hello') => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const load = (port: number) =>
  runLoad({ kind: 'getPaths', paths: ['/'], port, connections: 4, seconds: 0.3, expect: 200 });

it('counts whole answers, however they are cut', async () => {
  const port = await serving((socket) => {
    const answer = ok('x'.repeat(3_000));
    socket.write(answer.slice(0, 20));
    setImmediate(() => socket.write(answer.slice(20)));
  });
  const { requests: counted, rate, p50Ms, p99Ms } = await load(port);
  expect(counted).toBe(requests.length);
  expect(rate).toBeGreaterThan(10);
  expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
});

it('measures the time of an answer', async () => {
  const port = await serving((socket) => setTimeout(() => socket.write(ok()), 30));
  const { p50Ms } = await load(port);
  expect(p50Ms).toBeGreaterThanOrEqual(29);
});

it('has one request under way on each connection', async () => {
  const port = await serving(() => undefined);
  await expect(load(port)).rejects.toThrow('were not answered');
  expect(requests).toHaveLength(4);
}, 20_000);

it('fails when a single answer is not the expected one, and shows it', async () => {
  const port = await serving((socket, count) =>
    socket.write(count === 7 ? 'HTTP/1.1 429 Too Many\r\nContent-Length: 5\r\n\r\nlater' : ok()),
  );
  await expect(load(port)).rejects.toThrow(/^1 of \d+ requests .*429 Too Many/s);
});

it('fails when a connection is closed on it', async () => {
  const port = await serving((socket, count) => (count > 20 ? socket.end() : socket.write(ok())));
  await expect(load(port)).rejects.toThrow('the server closed the connection');
});

it('fails on answers whose end it cannot see', async () => {
  const port = await serving((socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'));
  await expect(load(port)).rejects.toThrow('no Content-Length');
});

it('ends after as many requests as it was given', async () => {
  const port = await serving((socket) => socket.write(ok()));
  const plan = { kind: 'getPaths', paths: ['/'], port, connections: 4, seconds: 10, count: 50, expect: 200 };
  expect((await runLoad(plan)).requests).toBe(50);
});

it('takes 304 as whole without a body', async () => {
  const port = await serving((socket) => socket.write('HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n'));
  const plan = { kind: 'getPaths', paths: ['/'], port, connections: 1, seconds: 0.2, expect: 304 };
  expect((await runLoad(plan)).requests).toBeGreaterThan(5);
});
