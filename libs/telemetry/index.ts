export { configureLogging, type LogChannel, logCrashes, logger, type LoggingOptions } from './logger.js';
export { NestLogger } from './nest-logger.js';
export { redacted, scrubbed } from './redact.js';
