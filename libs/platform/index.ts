/** What every process stands on. */
export { databaseOptions } from './database-logins.js';
export { PlatformModule } from './platform.module.js';
