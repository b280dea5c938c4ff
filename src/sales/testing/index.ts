export * from './sales-stage.js';
