export * from './sales-order.builder.js';
export * from './sales-stage.js';
