export * from './reporting-stage.js';
