import { z } from 'zod';

const NAME = /^[a-z][a-z0-9_-]{0,39}$/;
const DATABASE = /^[a-z_][a-z0-9_]{0,62}$/;
const SHARD = /^[a-z][a-z0-9_-]*\/[a-z_][a-z0-9_]*$/;

/** `host` or `host:port`; `[address]:port` for IPv6. */
export function endpointOf(text: string, defaultPort: number): { readonly host: string; readonly port: number } {
  const { host, port } = /^(?<host>\[[^\]]+\]|[^:]+)(:(?<port>\d+))?$/.exec(text)?.groups ?? { host: text };
  return { host: (host ?? text).replace(/^\[|\]$/g, ''), port: port === undefined ? defaultPort : Number(port) };
}

const endpoint = z.string().refine(
  (text) => {
    const { port } = endpointOf(text, 1);
    return /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/.test(text) && port >= 1 && port <= 65_535;
  },
  { message: 'must be host or host:port' },
);

/** A server: `host` or `host:port`. */
export function server() {
  return endpoint;
}

/** JSON text that keeps to a schema. The message says where it does not, never what it says. */
export function json<T extends z.ZodType>(schema: T) {
  return z.string().transform((text, context): z.output<T> => {
    const parsed = schema.safeParse(parse(text));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const place = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
    context.addIssue({ code: 'custom', message: `must be JSON as .env.example shows; it is wrong${place}` });
    return z.NEVER;
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not what any schema asks for.
    return undefined;
  }
}

/** DB_CLUSTERS: further clusters beside the one of DB_HOST. */
export const clusterList = z
  .array(
    z.strictObject({
      name: z
        .string()
        .regex(NAME)
        .refine((name) => name !== 'default'),
      write: endpoint,
      reads: z.array(endpoint).max(16).default([]),
      region: z.string().regex(NAME).optional(),
      databases: z.array(z.string().regex(DATABASE)).min(1).max(64).optional(),
    }),
  )
  .max(64)
  .refine((clusters) => new Set(clusters.map(({ name }) => name)).size === clusters.length);

/** TENANT_RANGES: the smallest tenant id of each range, and the shard (`cluster/database`) of the range. */
export const tenantRanges = z.array(z.strictObject({ from: z.uuid(), shard: z.string().regex(SHARD) })).max(1_000);

/** TENANT_REGIONS: country codes and the regions where their tenants are kept. */
export const tenantRegions = z.record(z.string().regex(/^[A-Z]{2}$/), z.string().regex(NAME));
