export * from './customer.builder.js';
