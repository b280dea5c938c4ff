export * from './demand-schema.js';
export * from './fake-stock-demands.js';
export * from './inventory-stage.js';
export * from './fake-sales.js';
