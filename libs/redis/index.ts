/** Redis as a lib of ours uses it: bounded, and never in the way of a process that can do without. */
export { type EvictionPolicy, evictionPolicyOf } from './eviction-policy.js';
export { reconnectAfterMs, redisClient, type RedisClientOptions } from './redis-client.js';
export { RedisClients, type RedisRole } from './redis-clients.js';
export { RedisModule } from './redis.module.js';
