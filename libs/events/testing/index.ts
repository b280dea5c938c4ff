export * from './deliver-all.js';
export { PrivateRedis } from './private-redis.js';
export { EventsStage, thingIds, until } from './events-stage.js';
export { ThingCalled } from './things.js';
