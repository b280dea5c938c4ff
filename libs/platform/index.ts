/** What every process stands on. */
export { databaseOptions, ownerLogin } from './database-logins.js';
export { PlatformModule } from './platform.module.js';
