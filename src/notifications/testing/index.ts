export * from './notifications-stage.js';
