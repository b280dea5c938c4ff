/** Secrets at rest that must be had again in the clear, under keys that rotate (requirement D1). */
export { SecretBox } from './secret-box.js';
export { SecretUnreadable } from './secrets.errors.js';
export { SecretsModule } from './secrets.module.js';
