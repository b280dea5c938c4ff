import { join } from 'node:path';

/**
 * What every Node.js process needs that a spec starts, besides its own settings. The suite starts some two hundred of the
 * same three programs: they share what V8 made of their sources, as `npm start` has them do.
 */
export function nodeEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NODE_COMPILE_CACHE: join(process.cwd(), 'node_modules/.cache/v8') };
}
