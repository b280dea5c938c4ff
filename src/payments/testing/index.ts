export * from './payments-stage.js';
export * from './sandbox-process.js';
export * from './webhook.builder.js';
