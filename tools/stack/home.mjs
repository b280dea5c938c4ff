import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { freemem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserFault } from './progress.mjs';

/** The clone this file belongs to, without symbolic links. */
export const ROOT = fs.realpathSync(join(dirname(fileURLToPath(import.meta.url)), '../..'));

/** Everything that runs or was made locally lives below it. */
export const LOCAL = join(ROOT, '.local');

/** Names this clone's folder under /var/lib when we are root. */
export const CLONE_HASH = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);

export const isRoot = () => process.getuid?.() === 0;

function lookUp(user) {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout?.trim());
  return uid && gid ? { uid: Number(uid), gid: Number(gid), name: user } : undefined;
}

/**
 * Whom PostgreSQL runs as: itself refuses root, so as root the machine's `postgres` or else `nobody`; otherwise ourselves.
 * @returns {{ uid: number, gid: number } | undefined} undefined = as the current user
 */
export function postgresUser() {
  if (!isRoot()) return undefined;
  const user = lookUp('postgres') ?? lookUp('nobody');
  if (!user)
    throw new UserFault('PostgreSQL may not run as root, and this machine has no user "postgres" or "nobody".');
  return { uid: user.uid, gid: user.gid };
}

/** Makes a folder only we can enter; a refusal becomes one sentence. */
export function privateFolder(path) {
  try {
    fs.mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw folderFault(path, error);
  }
  return path;
}

function folderFault(path, error) {
  if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) {
    return new UserFault(
      `The folder ${path} cannot be written: the user ${process.env.USER ?? process.getuid?.()} lacks the right.`,
    );
  }
  if (error.code === 'ENOSPC') return new UserFault(`The disk that holds ${path} is full.`);
  return error;
}

const MEMORY = '/dev/shm';
const ROOTS_OWN = '/var/lib';
const TMPFS_MAGIC = 0x01021994;
const GIB = 1024 ** 3;

/** Whether this machine has memory to spare for the clusters of a test run: some hundred megabytes, of replicas too. */
function hasMemoryForClusters() {
  if (!fs.existsSync(MEMORY)) return false;
  const { type, bavail, bsize } = fs.statfsSync(MEMORY);
  return type === TMPFS_MAGIC && bavail * bsize > 3 * GIB && freemem() > 6 * GIB;
}

/** Folders of stacks that end with the process that made them. */
export const THROW_AWAY = /^test-\d+(-[\w-]+)?$/;

/** Where the clusters' data are, when not in the stack's own folder. Asked again, the same. */
function outsideFolder(inside, suffix) {
  const name = `quoin-${CLONE_HASH}${suffix}`;
  const known = [MEMORY, ROOTS_OWN].map((folder) => join(folder, name)).find((folder) => isLinkTo(inside, folder));
  if (known) return known;
  // Hundreds of databases come and go in a test run; a disk's file system spends a tenth of the processor on that.
  if (THROW_AWAY.test(suffix.slice(1)) && hasMemoryForClusters()) return join(MEMORY, name);
  return postgresUser() && join(ROOTS_OWN, name);
}

/**
 * The folder for the clusters' data, `<home>/postgres`. As root it is a link to /var/lib/quoin-<hash><suffix>, which belongs to
 * the user PostgreSQL runs as, because /root is closed to that user. That of a stack that is thrown away is in memory, where the
 * machine has enough of it.
 * @param {string} home the stack's own folder
 * @param {string} suffix '' for `npm start`; other stacks of the clone have their own
 */
export function clusterFolder(home, suffix) {
  const inside = join(home, 'postgres');
  const outside = outsideFolder(inside, suffix);
  if (!outside) return privateFolder(inside);
  privateFolder(outside);
  const user = postgresUser();
  if (user) fs.chownSync(outside, user.uid, user.gid);
  if (!isLinkTo(inside, outside)) {
    fs.rmSync(inside, { recursive: true, force: true });
    fs.symlinkSync(outside, inside);
  }
  return outside;
}

function isLinkTo(path, target) {
  try {
    return fs.readlinkSync(path) === target;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EINVAL') return false;
    throw error;
  }
}

/** Deletes a stack's folder and, when it links to a folder of ours elsewhere, that one too. */
export function wipeHome(home) {
  const link = join(home, 'postgres');
  if (fs.lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) {
    const target = fs.readlinkSync(link);
    const ours = [ROOTS_OWN, MEMORY].some((folder) => target.startsWith(join(folder, `quoin-${CLONE_HASH}`)));
    if (ours) fs.rmSync(target, { recursive: true, force: true });
  }
  fs.rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}

/** Deletes what stacks of this clone left elsewhere whose own folders are gone. */
export function wipeElsewhere() {
  for (const folder of isRoot() ? [ROOTS_OWN, MEMORY] : [MEMORY]) {
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    const ours = names.filter((name) => name.startsWith(`quoin-${CLONE_HASH}`));
    for (const name of ours) fs.rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Refuses to begin when the disk has less than `megabytes` free. */
export function requireDisk(path, megabytes) {
  const { bavail, bsize } = fs.statfsSync(path);
  const free = Math.floor((bavail * bsize) / 1024 / 1024);
  if (free < megabytes)
    throw new UserFault(`The disk that holds ${path} has ${free} MB free; ${megabytes} MB are needed.`);
}

const secret = () => randomBytes(24).toString('base64url');

function signingKey() {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const key = { ...jwk, kid: randomBytes(6).toString('hex'), alg: 'EdDSA', use: 'sig' };
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function encryptionKeys() {
  return `local:${randomBytes(32).toString('base64url')}`;
}

/** The stack's passwords and keys: random, made once, kept in a file for our eyes only. */
export function secretsOf(home) {
  const file = join(home, 'secrets.json');
  const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  const names = ['superuser', 'replicator', 'owner', 'app', 'redis', 's3', 'sandboxKey', 'sandboxWebhook', 'demo'];
  const fresh = { ...Object.fromEntries(names.map((name) => [name, secret()])), signingKey: signingKey() };
  // A stack of an earlier release keeps what it has and gets what it lacks.
  const secrets = { ...fresh, encryptionKeys: encryptionKeys(), ...known };
  if (Object.keys(known).length < Object.keys(secrets).length) writePrivate(file, JSON.stringify(secrets, null, 2));
  return secrets;
}

/** Writes a file only we can read, whole or not at all. */
export function writePrivate(file, text) {
  fs.writeFileSync(`${file}.new`, text, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}
