import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the private servers for tests are; written by tools/test-stack.mjs and tools/test.mjs. */
export interface TestStack {
  readonly postgres: { readonly superuser: string; readonly primary: { readonly app: string; readonly owner: string } };
  readonly redis: Readonly<Record<'queues' | 'cache' | 'locks' | 'sessions', string>>;
  readonly s3: string;
  readonly smtp: string;
  readonly mail: string;
  /** The environment of Quoin's own processes on this stack. */
  readonly env: Readonly<Record<string, string>>;
}

/** Reads where the test servers are. @throws when none was started, saying how to */
export function testStack(): TestStack {
  const path = process.env['QUOIN_TEST_STACK'] ?? join(process.cwd(), '.local/test/stack.json');
  if (!existsSync(path)) {
    throw new Error(`No test servers: ${path} is missing. Run "node tools/test-stack.mjs up" or "npm test".`);
  }
  return JSON.parse(readFileSync(path, 'utf8')) as TestStack;
}
