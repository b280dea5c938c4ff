export { AppConfig } from './app-config.js';
export { ConfigModule } from './config.module.js';
export { ConfigurationError, type ConfigurationFault, loadConfig, loadProcessConfig } from './load-config.js';
export { PUBLISHED_KEY_ID, type SigningKey } from './signing-key.js';
