import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { StorageOptions } from './storage.options.js';

export {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
export { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** Opening a connection that takes longer has failed; milliseconds. */
const CONNECT_TIMEOUT_MS = 2_000;
const ATTEMPT_TIMEOUT_MS = 8_000;
/** First attempt and retries together; the SDK waits up to a second or so between them. */
const ATTEMPTS_MAX = 3;

/** A client for `endpoint`. It connects when first used; `destroy()` closes its sockets. */
export function s3Client(options: StorageOptions, endpoint: string): S3Client {
  const attemptTimeoutMs = options.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS;
  return new S3Client({
    endpoint,
    region: options.region,
    forcePathStyle: options.forcePathStyle,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: attemptTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: attemptTimeoutMs,
    },
    // Not every S3 server stores checksums; lengths and TLS are checked anyway.
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

/** The HTTP status of an error that the server answered with. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
