export * from './identity.stage.js';
export * from './redis-line.js';
export * from './identity.api.js';
