import type { Redis } from 'ioredis';

/** What a server does when its memory is full: `noeviction` refuses writes, all others throw something away. */
export interface EvictionPolicy {
  readonly name: string;
  /** 0: no limit, so that the policy never comes to bear. */
  readonly memoryMaxBytes: number;
}

/** Asked by INFO, which managed servers answer too; CONFIG many of them refuse. @throws when Redis does not answer */
export async function evictionPolicyOf(client: Redis): Promise<EvictionPolicy> {
  const info = await client.info('memory');
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  return { name: field('maxmemory_policy') ?? 'unknown', memoryMaxBytes: Number(field('maxmemory') ?? 0) };
}
