/** The local S3 server: PORT, DIRECTORY, BUCKET, ACCESS_KEY_ID and SECRET_ACCESS_KEY come from the environment. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const S3rver = require('s3rver');
const { DUMMY_ACCOUNT } = require('s3rver/lib/models/account.js');

const { PORT, DIRECTORY, BUCKET, ACCESS_KEY_ID, SECRET_ACCESS_KEY } = process.env;
// The package's one account has well-known keys; this clone's own take their place.
DUMMY_ACCOUNT.revokeAccessKey('S3RVER');
DUMMY_ACCOUNT.createKeyPair(ACCESS_KEY_ID, SECRET_ACCESS_KEY);

const server = new S3rver({
  address: '127.0.0.1',
  port: Number(PORT),
  directory: DIRECTORY,
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: BUCKET, configs: [] }],
});
await server.run();
process.stdout.write(`S3 on 127.0.0.1:${PORT}\n`);
process.once('SIGTERM', () => process.exit(0));
