/** Flags and environment with which a Node.js process is kept small; see memory.mjs. */
interface Memory {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
export const API_MEMORY: Memory;
export const COMMAND_MEMORY: Memory;
