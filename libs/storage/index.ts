/** Files in S3-compatible object storage, every key inside the folder of its tenant (requirement F1). */
export { SIGNED_URL_TTL_MAX_S, type DownloadLink } from './download-link.js';
export { OBJECT_BYTES_MAX, ObjectStorage, type ObjectInfo, type StoredObject } from './object-storage.js';
export {
  InvalidStorageKey,
  ObjectTooLarge,
  StorageKeyRefused,
  StorageUnavailable,
  StoredObjectNotFound,
} from './storage.errors.js';
export { StorageModule } from './storage.module.js';
export type { StorageOptions } from './storage.options.js';
export { tenantKey } from './tenant-key.js';
