import { createServer } from 'node:net';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { UserFault } from './progress.mjs';

// Below 32768, where Linux begins to hand out ports for outgoing connections: a remembered port stays ours.
const FIRST_PORT = 20000;
const LAST_PORT = 32000;

/** Whether a server may listen on the port of the loopback address now. */
export function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

async function nextFree(from, taken) {
  const span = LAST_PORT - FIRST_PORT;
  for (let offset = 0; offset < span; offset += 1) {
    const port = FIRST_PORT + ((from - FIRST_PORT + offset) % span);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new UserFault(`No free port between ${FIRST_PORT} and ${LAST_PORT} was found on 127.0.0.1.`);
}

function remembered(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

/**
 * Chooses one free port for each name and remembers it in `file`, so that URLs stay the same from start to start.
 * @param {string} file where the choice is kept
 * @param {string[]} names services that need a port
 * @param {{ seed: string, wanted?: Record<string, number>, fixed?: Record<string, string|undefined> }} options
 *   `seed` decides where the search begins (two clones begin apart); `wanted` ports are tried first;
 *   `fixed` ports were set by the person and are used or refused.
 * @returns {Promise<{ ports: Record<string, number>, moved: string[] }>} `moved`: names whose remembered port was taken
 */
export async function choosePorts(file, names, { seed, wanted = {}, fixed = {} }) {
  const before = remembered(file);
  const base = FIRST_PORT + (createHash('sha256').update(seed).digest().readUInt32BE(0) % 1190) * 10;
  const ports = {};
  const moved = [];
  const taken = new Set(Object.values(before));
  for (const name of names) {
    if (fixed[name]) ports[name] = await fixedPort(name, fixed[name]);
    else if (before[name] && (await isFree(before[name]))) ports[name] = before[name];
    else if (!before[name] && wanted[name] && (await isFree(wanted[name]))) ports[name] = wanted[name];
    else {
      if (before[name]) moved.push(name);
      ports[name] = await nextFree(base, taken);
    }
    taken.add(ports[name]);
  }
  writeFileSync(file, `${JSON.stringify(ports, null, 2)}\n`);
  return { ports, moved };
}

async function fixedPort(name, value) {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new UserFault(`"${value}" is no port for ${name}.`);
  if (!(await isFree(port))) {
    throw new UserFault(`Port ${port}, which you chose for ${name}, is taken by another program on this machine.`);
  }
  return port;
}
