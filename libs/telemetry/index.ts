export { configureLogging, type LogChannel, logCrashes, logger, type LoggingOptions } from './logger.js';
export { counter, gauge, histogram, metrics } from './metrics.js';
export { NestLogger } from './nest-logger.js';
export { redacted, scrubbed } from './redact.js';
