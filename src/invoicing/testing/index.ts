export * from './invoicing-stage.js';
