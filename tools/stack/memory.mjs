/** How a Node.js process is kept small: V8 sizes its heap by the machine, and on a large one collects late. */

/** Of the api. The same stand in Dockerfile, compose.yaml and the chart (docs/performance.md). */
export const API_MEMORY = {
  flags: ['--max-semi-space-size=8', '--max-old-space-size=256'],
  env: { MALLOC_ARENA_MAX: '2' },
};

/** Of the command line: an import stays below 400 MB (issue 2, section 6); without bounds it held 480. */
export const COMMAND_MEMORY = {
  flags: ['--max-semi-space-size=64', '--max-old-space-size=512'],
  env: { MALLOC_ARENA_MAX: '2' },
};
