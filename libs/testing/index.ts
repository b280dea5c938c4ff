import './quiet-logs.js';

export * from './node-environment.js';
export * from './test-database.js';
export * from './test-stack.js';
export * from './test-tenant.js';
export * from './testing-module.js';
export * from './source-process.js';
