import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts } from './ports.mjs';
import { UserFault } from './progress.mjs';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'quoin-ports-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Somebody else's program on a port. */
async function occupy(port = 0) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, leave: () => once(server.close(), 'close') };
}

const choose = (names: string[], options = {}) =>
  choosePorts(join(folder, 'ports.json'), names, { seed: folder, ...options });

describe('the ports of a stack', () => {
  it('stay the same from start to start, also for a new name among them', async () => {
    const { ports: first } = await choose(['api', 'cache']);
    const { ports: second, moved } = await choose(['worker', 'api', 'cache']);
    expect(second).toMatchObject(first);
    expect(new Set(Object.values(second)).size).toBe(3);
    expect(moved).toEqual([]);
  });

  it('move, and say so, when another program took one of them', async () => {
    const { ports: first } = await choose(['api', 'cache']);
    const other = await occupy(first.api);
    const { ports: second, moved } = await choose(['api', 'cache']);
    await other.leave();
    expect(moved).toEqual(['api']);
    expect(second.api).not.toBe(first.api);
    expect(second.cache).toBe(first.cache);
  });

  it('refuse a port the person chose when it is taken or none at all', async () => {
    const other = await occupy();
    await expect(choose(['api'], { fixed: { api: String(other.port) } })).rejects.toThrow(
      /is taken by another program/,
    );
    await other.leave();
    await expect(choose(['api'], { fixed: { api: '70000' } })).rejects.toThrow(UserFault);
  });
});
