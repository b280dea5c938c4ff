import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script, run by its hash. Redis runs it alone: what it reads and writes is one step. */
export class LuaScript {
  private readonly sha: string;

  constructor(private readonly source: string) {
    this.sha = createHash('sha1').update(source).digest('hex');
  }

  async run(redis: Redis, keys: readonly string[], values: readonly (string | number | Buffer)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, keys.length, ...keys, ...values);
    } catch (error) {
      // A Redis that started anew, or took over, has not seen the script yet.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await redis.eval(this.source, keys.length, ...keys, ...values);
    }
  }
}

/**
 * Takes the lease on filling an entry, and the tokens of its tags. KEYS: lease, entry, tags. ARGV: filler, milliseconds of
 * the lease, milliseconds that tags are kept, the token of tags that have none, now in milliseconds. Answers 1 with the
 * lease, 0 while another filler has it, 2 when the entry was filled since it was looked at. A lease of a filler that began
 * before one of the tags was flushed is worth nothing: what it will store is outdated already.
 */
export const BEGIN_FILL = new LuaScript(`
local tokens = {}
for i = 3, #KEYS do
  local token = redis.call('GET', KEYS[i])
  if token then
    redis.call('PEXPIRE', KEYS[i], ARGV[3])
  else
    token = ARGV[4] .. i
    redis.call('SET', KEYS[i], token, 'PX', ARGV[3])
  end
  tokens[i - 2] = token
end
local joined = table.concat(tokens, ',')
local head = redis.call('GETRANGE', KEYS[2], 0, 1023)
local freshUntil, filledWith = string.match(head, '^1|(%d+)|%a+|[^|]*|([^\\n]*)\\n')
if filledWith == joined and tonumber(freshUntil) > tonumber(ARGV[5]) then
  return { 2, joined }
end
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, #ARGV[1] + 2) == joined then
  return { 0, joined }
end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. joined, 'PX', ARGV[2])
return { 1, joined }
`);

/** Stores an entry and gives the lease back, unless it was lost. KEYS: lease, entries. ARGV: lease, milliseconds, bytes. */
export const COMMIT_FILL = new LuaScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
for i = 2, #KEYS do
  redis.call('SET', KEYS[i], ARGV[i + 1], 'PX', ARGV[2])
end
redis.call('DEL', KEYS[1])
return 1
`);

/** Gives a lease back, unless it was lost. KEYS: lease. ARGV: lease. */
export const ABANDON_FILL = new LuaScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
`);
