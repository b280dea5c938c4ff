import { createRequire } from 'node:module';

/**
 * A package of Jest's own, of the version that it uses itself: found the way Jest finds it, because we depend on `jest`
 * alone.
 */
export function packageOfJest(name) {
  let require = createRequire(import.meta.url);
  for (const step of ['jest', '@jest/core', 'jest-config']) require = createRequire(require.resolve(step));
  return require(name);
}
