export * from './deliver-all.js';
