export * from './execution-context.js';
export * from './context-clock.js';
export * from './context.module.js';
