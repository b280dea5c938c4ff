import { createHash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** No `#`: it separates what belongs to the cache itself. No braces: the first pair must be the tenant's. */
const KEY = /^[A-Za-z0-9][A-Za-z0-9._:/?&=%~+,@!-]{0,199}$/;
const TAG = /^[a-z0-9][a-z0-9._:-]{0,149}$/;
const TAGS_MAX = 8;

/**
 * Names of keys: `{prefix}tenant:{<id>}:<key>` (requirement A3). The braces are a hash tag: all keys of a tenant, its
 * tags and leases too, are on one slot of a cluster, so that one command can read an entry together with its tags.
 */
export class CacheKeys {
  constructor(private readonly prefix: string) {}

  /** @throws TypeError for a key that is none */
  entry(tenantId: string, key: string): string {
    if (!KEY.test(key)) throw new TypeError(`not a cache key: ${key}`);
    return this.space(tenantId) + key;
  }

  /** @throws TypeError for too many tags, or one that is none */
  tags(tenantId: string, tags: readonly string[]): string[] {
    if (tags.length > TAGS_MAX) throw new TypeError(`more than ${TAGS_MAX} cache tags`);
    const space = this.space(tenantId);
    return tags.map((tag) => {
      if (!TAG.test(tag)) throw new TypeError(`not a cache tag: ${tag}`);
      return `${space}#tag:${tag}`;
    });
  }

  private space(tenantId: string): string {
    if (!UUID.test(tenantId)) throw new TypeError('a cache key needs the id of a tenant');
    return `${this.prefix}tenant:{${tenantId}}:`;
  }
}

/** A key made of anything, such as an address that a client sent: itself if it is one, else with its hash. */
export function keyOf(space: string, text: string): string {
  const key = `${space}:${text}`;
  return KEY.test(key) ? key : `${space}:sha256:${createHash('sha256').update(text).digest('base64url')}`;
}

/** Whether a text can be a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}
