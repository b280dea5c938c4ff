import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type AppConfig, loadConfig } from '#libs/config';

// Nobody listens there: a spec that wants servers names them, and no spec touches those of the machine.
const NOWHERE = 'redis://127.0.0.1:1/0';
const NO_SERVERS = {
  DB_PORT: '1',
  REDIS_QUEUE_URL: NOWHERE,
  REDIS_CACHE_URL: NOWHERE,
  REDIS_LOCK_URL: NOWHERE,
  REDIS_SESSION_URL: NOWHERE,
};

/**
 * A configuration for specs: .env.example for the environment `test`, with what the spec needs otherwise. Without
 * servers: pass the URLs of the test stack where they are wanted.
 */
export function testConfig(overrides: Readonly<Record<string, string>> = {}): AppConfig {
  const example = parseEnv(readFileSync(join(process.cwd(), '.env.example'), 'utf8'));
  return loadConfig({ ...example, APP_ENV: 'test', LOG_LEVEL: 'silent', ...NO_SERVERS, ...overrides });
}
