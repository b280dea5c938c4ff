/**
 * The bare limits over HTTP: Fastify and nothing else before one Redis GET, or before one select under row-level security with
 * BEGIN, SET LOCAL, SELECT and COMMIT in one flush. No tenant is looked up, nothing is limited, validated, logged or counted.
 */
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
import { PAGE_SQL } from './page-sql.mjs';
import { tenantId } from '../data/ids.mjs';

const { PORT, REDIS_URL, DATABASE_URL, POOL_MAX } = process.env;

const redis = new Redis(REDIS_URL, { enableAutoPipelining: true });
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL_MAX), pipeline: true });

async function rowsOf(tenant) {
  const client = await pool.connect();
  try {
    const { stream } = client.connection;
    stream.cork();
    const begun = client.query(`BEGIN READ ONLY; SET LOCAL app.tenant_id = '${tenantId(tenant)}'`);
    const page = client.query({ name: 'page', text: PAGE_SQL, values: [tenantId(tenant)] });
    const committed = client.query('COMMIT');
    stream.uncork();
    const [, { rows }] = await Promise.all([begun, page, committed]);
    return rows;
  } finally {
    client.release();
  }
}

const fastify = Fastify({ logger: false });
fastify.get('/cached/:tenant', (request, reply) => {
  reply.header('content-type', 'application/json; charset=utf-8');
  return redis.getBuffer(`bench:page:${request.params.tenant}`);
});
fastify.get('/uncached/:tenant', (request) => rowsOf(Number(request.params.tenant)).then((items) => ({ items })));
await fastify.listen({ port: Number(PORT), host: '127.0.0.1' });

process.once('SIGTERM', async () => {
  await fastify.close();
  redis.disconnect();
  await pool.end();
});
