export * from './identity.stage.js';
export * from './line.js';
export * from './identity.api.js';
export * from './statement-log.js';
export * from './company.js';
