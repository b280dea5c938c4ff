import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { signatureOf } from './s3-signature.mjs';

const KEYS = { accessKeyId: 'quoin-local', secretAccessKey: 'secret' };
const KEY = 'tenants/7/invoices/Größe (1) & more.pdf';

const verdicts: string[] = [];
const server = createServer((request: IncomingMessage, response) => {
  verdicts.push(signatureOf(request, KEYS));
  request.resume();
  response.end();
});
let client: S3Client;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new S3Client({ endpoint, region: 'eu-central-1', forcePathStyle: true, credentials: KEYS });
});
afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const link = () => getSignedUrl(client, new GetObjectCommand({ Bucket: 'quoin', Key: KEY }), { expiresIn: 60 });

async function verdictOn(url: string): Promise<string | undefined> {
  await fetch(url);
  return verdicts.at(-1);
}

describe('signatures on the local S3 server', () => {
  it('accepts what the SDK sends and the links it signs', async () => {
    await client.send(
      new PutObjectCommand({ Bucket: 'quoin', Key: KEY, Body: 'content', ContentType: 'application/pdf' }),
    );
    expect(verdicts.at(-1)).toBe('right');
    expect(await verdictOn(await link())).toBe('right');
  });

  it('refuses a link whose object, life or signature was changed', async () => {
    const url = await link();
    expect(await verdictOn(url.replace('/tenants/7/', '/tenants/8/'))).toBe('wrong');
    expect(await verdictOn(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'))).toBe('wrong');
    expect(
      await verdictOn(url.replace(/(X-Amz-Signature=)(.)/, (_, name, digit) => name + (digit === '0' ? '1' : '0'))),
    ).toBe('wrong');
  });

  it('refuses a request without one', async () => {
    expect(await verdictOn((await link()).split('?')[0] ?? '')).toBe('missing');
  });
});
