export * from './statement-log.js';
export * from './widget.js';
