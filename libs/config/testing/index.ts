import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type AppConfig, loadConfig } from '#libs/config';

/** A configuration for specs: .env.example for the environment `test`, with what the spec needs otherwise. */
export function testConfig(overrides: Readonly<Record<string, string>> = {}): AppConfig {
  const example = parseEnv(readFileSync(join(process.cwd(), '.env.example'), 'utf8'));
  return loadConfig({ ...example, APP_ENV: 'test', LOG_LEVEL: 'silent', ...overrides });
}
