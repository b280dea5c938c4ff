/** Injection token of {@link StorageOptions}. */
export const STORAGE_OPTIONS = Symbol('StorageOptions');

/** Where the bucket is. `AppConfig.s3` has this shape. */
export interface StorageOptions {
  readonly endpoint: string;
  /** What signed links begin with, where clients do not reach `endpoint`. */
  readonly publicEndpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  readonly forcePathStyle: boolean;
  /** One attempt that is not answered after this has failed; milliseconds, default 8,000. There are at most three. */
  readonly attemptTimeoutMs?: number;
}
