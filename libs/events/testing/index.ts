export * from './deliver-all.js';
export { PrivateRedis } from './private-redis.js';
