import { currentTenant } from '#libs/context';
import { InvalidStorageKey, StorageKeyRefused } from './storage.errors.js';

// No slashes, no leading dot, nothing that needs escaping in a URL.
const PART = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const PARTS_MAX = 6;

/**
 * The key `tenants/{tenantId}/part/part…` for the current tenant. Keys are chosen by the server: parts are ids, years
 * and document numbers, never a name a client sent. Throws {@link InvalidStorageKey} for a part with a slash, `..`, or
 * any character outside A–Z a–z 0–9 . _ -, and `TenantRequired` outside a tenant.
 */
export function tenantKey(...parts: [string, ...string[]]): string {
  return [tenantFolder(), ...parts.map(checkedPart)].join('/');
}

/** Throws {@link StorageKeyRefused} unless `key` is one that {@link tenantKey} could have made for the current tenant. */
export function assertOwnKey(key: string): void {
  const folder = `${tenantFolder()}/`;
  const parts = key.slice(folder.length).split('/');
  if (!key.startsWith(folder) || parts.length > PARTS_MAX || !parts.every(isPart)) throw new StorageKeyRefused();
}

function tenantFolder(): string {
  return `tenants/${currentTenant().id}`;
}

function checkedPart(part: string): string {
  if (!isPart(part)) throw new InvalidStorageKey(part);
  return part;
}

function isPart(part: string): boolean {
  return PART.test(part) && !part.includes('..');
}
