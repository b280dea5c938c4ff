/** The local S3 server: PORT, DIRECTORY, BUCKET, ACCESS_KEY_ID and SECRET_ACCESS_KEY come from the environment. */
import { createRequire } from 'node:module';
import { signatureOf } from './s3-signature.mjs';

const require = createRequire(import.meta.url);
const S3rver = require('s3rver');
const S3Error = require('s3rver/lib/models/error.js');
const { DUMMY_ACCOUNT } = require('s3rver/lib/models/account.js');

// HOST is for containers, where 127.0.0.1 reaches nobody else.
const { HOST = '127.0.0.1', PORT, DIRECTORY, BUCKET, ACCESS_KEY_ID, SECRET_ACCESS_KEY } = process.env;
// The package's one account has well-known keys; this clone's own take their place.
DUMMY_ACCOUNT.revokeAccessKey('S3RVER');
DUMMY_ACCOUNT.createKeyPair(ACCESS_KEY_ID, SECRET_ACCESS_KEY);

const server = new S3rver({
  address: HOST,
  port: Number(PORT),
  directory: DIRECTORY,
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: BUCKET, configs: [] }],
});

const keys = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };
server.middleware.unshift((ctx, next) => {
  const signature = ctx.method === 'OPTIONS' ? 'right' : signatureOf(ctx.req, keys);
  if (signature === 'missing') throw new S3Error('AccessDenied', 'Access Denied');
  if (signature === 'wrong') throw new S3Error('SignatureDoesNotMatch', 'The signature is not that of this request.');
  return next();
});

await server.run();
process.stdout.write(`S3 on ${HOST}:${PORT}\n`);
process.once('SIGTERM', () => process.exit(0));
