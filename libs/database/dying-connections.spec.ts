import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { buildDataSource, sqlState } from './index.js';

let server: Server;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    // Let in and shown out in one breath: both arrive in the same piece of data.
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, SHUTTING_DOWN])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll((done) => void server.close(done));

/** A message of PostgreSQL's protocol: its type, its length, its content. */
function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type), length, content]);
}

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const SHUTTING_DOWN = message(
  'E',
  Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'),
);

it('survives a server that ends a connection as soon as it is open, and is told', async () => {
  const { port } = server.address() as AddressInfo;
  const login = { host: '127.0.0.1', port, database: 'none', username: 'nobody', password: 'none' };
  const dataSource = buildDataSource('tenant', login, [], { max: 1, connectTimeoutMs: 5_000 });
  await expect(dataSource.initialize()).rejects.toThrow(/terminat|connection error/i);
});

it.each([
  ['a state of PostgreSQL', { code: '57P01' }, '57P01'],
  ['one that TypeORM wraps', { driverError: { code: '23505' } }, '23505'],
  ['an error of Node’s with as many letters', { code: 'EPIPE' }, undefined],
  ['nothing', undefined, undefined],
])('reads %s', (_name, error, state) => expect(sqlState(error)).toBe(state));
