export * from './product.builder.js';
