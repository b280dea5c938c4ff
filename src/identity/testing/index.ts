export * from './identity.stage.js';
export * from './line.js';
export * from './identity.api.js';
export * from './company.js';
