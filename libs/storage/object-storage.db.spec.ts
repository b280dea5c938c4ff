import { once } from 'node:events';
import { createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Test } from '@nestjs/testing';
import { runInContext, type TenantIdentity } from '#libs/context';
import { uuidv7 } from '#libs/kernel';
import { testStack } from '#libs/testing';
import {
  OBJECT_BYTES_MAX,
  ObjectStorage,
  ObjectTooLarge,
  StorageKeyRefused,
  StorageModule,
  type StorageOptions,
  StorageUnavailable,
  StoredObjectNotFound,
  tenantKey,
} from './index.js';

const { env } = testStack();
const endpoint = env['S3_ENDPOINT'] ?? '';
const options: StorageOptions = {
  endpoint,
  publicEndpoint: endpoint,
  region: env['S3_REGION'] ?? '',
  bucket: env['S3_BUCKET'] ?? '',
  accessKeyId: env['S3_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: env['S3_SECRET_ACCESS_KEY'] ?? '',
  forcePathStyle: true,
};
const PDF = { contentType: 'application/pdf' };
const LINK = { expiresInS: 900, filename: 'Łódź.pdf', ...PDF };

const tenant = { id: uuidv7() } as TenantIdentity;
const otherTenant = { id: uuidv7() } as TenantIdentity;
let storage: ObjectStorage;

beforeAll(async () => {
  const module = await Test.createTestingModule({ imports: [StorageModule.forRoot(options)] }).compile();
  storage = module.get(ObjectStorage);
  await storage.ensureBucket();
});
afterAll(() => storage.onApplicationShutdown());

/** `work` in the context of the tenant. */
function asTenant(work: () => Promise<void>): () => Promise<void> {
  return () => runInContext({ tenant }, work);
}

async function keysBelow(folder: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(folder)) keys.push(key);
  return keys;
}

describe('objects', () => {
  it(
    'come back as they were put',
    asTenant(async () => {
      const key = tenantKey('invoices', '2026', 'a.pdf');
      const bytes = Buffer.from([0, 1, 2, 255]);
      await storage.put(key, bytes, PDF);
      const { stream, ...info } = await storage.get(key);
      expect(await buffer(stream)).toEqual(bytes);
      expect(info).toEqual({ ...PDF, lengthBytes: 4, lastModified: expect.any(Date) });
      expect(await storage.head(key)).toEqual(info);
    }),
  );

  it(
    'are replaced, listed and deleted',
    asTenant(async () => {
      const keys = ['1', '2'].map((name) => tenantKey('listed', name));
      for (const key of keys) await storage.put(key, Buffer.from('old'), PDF);
      await storage.put(keys[0] ?? '', Buffer.from('new one'), PDF);
      expect((await storage.head(keys[0] ?? '')).lengthBytes).toBe(7);
      expect(await keysBelow('listed')).toEqual(keys);
      await storage.delete(keys[0] ?? '');
      await storage.delete(keys[0] ?? '');
      expect(await Promise.all(keys.map((key) => storage.exists(key)))).toEqual([false, true]);
    }),
  );

  it(
    'that do not exist are said to be missing',
    asTenant(async () => {
      const key = tenantKey('none.pdf');
      await expect(storage.get(key)).rejects.toThrow(StoredObjectNotFound);
      await expect(storage.head(key)).rejects.toThrow(StoredObjectNotFound);
    }),
  );

  it(
    'of another tenant are refused by every operation',
    asTenant(async () => {
      const key = runInContext({ tenant: otherTenant }, () => tenantKey('secret.pdf'));
      await runInContext({ tenant: otherTenant }, () => storage.put(key, Buffer.from('secret'), PDF));
      const operations = [
        () => storage.get(key),
        () => storage.head(key),
        () => storage.exists(key),
        () => storage.put(key, Buffer.from('mine'), PDF),
        () => storage.delete(key),
        () => storage.signedDownloadUrl(key, LINK),
      ];
      for (const operation of operations) await expect(operation()).rejects.toThrow(StorageKeyRefused);
      expect(await keysBelow('secret.pdf')).toEqual([]);
    }),
  );

  it(
    'have a largest size',
    asTenant(async () => {
      const body = new Uint8Array(OBJECT_BYTES_MAX + 1);
      await expect(storage.put(tenantKey('large'), body, PDF)).rejects.toThrow(ObjectTooLarge);
    }),
  );
});

describe('signed links', () => {
  it(
    'serve the object as an attachment of the given name and type',
    asTenant(async () => {
      const key = tenantKey('linked.pdf');
      await storage.put(key, Buffer.from('%PDF'), { contentType: 'text/html' });
      const response = await fetch(await storage.signedDownloadUrl(key, LINK));
      expect([response.status, await response.text()]).toEqual([200, '%PDF']);
      expect(response.headers.get('content-type')).toBe('application/pdf');
      expect(response.headers.get('content-disposition')).toMatch(
        /^attachment; filename="__d_.pdf"; filename\*=UTF-8''%C5/,
      );
    }),
  );

  it(
    'refuse to be changed',
    asTenant(async () => {
      const [one, two] = [tenantKey('tampered-1.pdf'), tenantKey('tampered-2.pdf')];
      for (const key of [one, two]) await storage.put(key, Buffer.from(key), PDF);
      const link = await storage.signedDownloadUrl(one, LINK);
      expect((await fetch(link)).status).toBe(200);
      const changes: [RegExp, string][] = [
        [/tampered-1/, 'tampered-2'],
        [/X-Amz-Expires=900/, 'X-Amz-Expires=90000'],
        [/response-content-disposition=attachment/, 'response-content-disposition=inline'],
        [/response-content-type=application%2Fpdf/, 'response-content-type=text%2Fhtml'],
        [/&X-Amz-Signature=[0-9a-f]+/, ''],
      ];
      for (const [pattern, change] of changes) {
        const changed = link.replace(pattern, change);
        expect(changed).not.toBe(link);
        expect((await fetch(changed)).status).toBe(403);
      }
    }),
  );

  it(
    'expire',
    asTenant(async () => {
      const key = tenantKey('expiring.pdf');
      await storage.put(key, Buffer.from('x'), PDF);
      const link = await storage.signedDownloadUrl(key, { ...LINK, expiresInS: 1 });
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect((await fetch(link)).status).toBe(403);
    }),
  );

  it(
    'live at most a quarter of an hour',
    asTenant(async () => {
      for (const expiresInS of [0, -1, 1.5, 901, Number.NaN]) {
        await expect(storage.signedDownloadUrl(tenantKey('x'), { ...LINK, expiresInS })).rejects.toThrow(RangeError);
      }
    }),
  );

  it(
    'begin with the public address',
    asTenant(async () => {
      const proxied = new ObjectStorage({ ...options, publicEndpoint: 'https://files.quoin.example' });
      const link = await proxied.signedDownloadUrl(tenantKey('x'), LINK);
      expect(link).toMatch(/^https:\/\/files\.quoin\.example\/quoin\/tenants\//);
      await proxied.onApplicationShutdown();
    }),
  );
});

describe('a storage in trouble', () => {
  it(
    'is unavailable when nobody listens, its bucket is missing, or its keys are wrong',
    asTenant(async () => {
      const troubles: Partial<StorageOptions>[] = [
        { endpoint: 'http://127.0.0.1:9' },
        { bucket: 'no-such-bucket' },
        { secretAccessKey: 'wrong' },
      ];
      for (const trouble of troubles) {
        const troubled = new ObjectStorage({ ...options, ...trouble });
        await expect(troubled.get(tenantKey('x'))).rejects.toThrow(StorageUnavailable);
        await expect(troubled.put(tenantKey('x'), Buffer.from('x'), PDF)).rejects.toThrow(StorageUnavailable);
        await troubled.onApplicationShutdown();
      }
      await expect(storage.ping()).resolves.toBeUndefined();
    }),
  );

  it(
    'is unavailable within bounded time when it never answers',
    asTenant(async () => {
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as { port: number };
      const troubled = new ObjectStorage({ ...options, endpoint: `http://127.0.0.1:${port}`, attemptTimeoutMs: 200 });
      await expect(troubled.head(tenantKey('x'))).rejects.toThrow(StorageUnavailable);
      await troubled.onApplicationShutdown();
      silent.close();
    }),
  );
});

it('makes a missing bucket once, for development', async () => {
  const fresh = new ObjectStorage({ ...options, bucket: `quoin-${uuidv7()}` });
  await expect(fresh.ping()).rejects.toThrow(StorageUnavailable);
  await fresh.ensureBucket();
  await fresh.ensureBucket();
  await expect(fresh.ping()).resolves.toBeUndefined();
  await fresh.onApplicationShutdown();
});
