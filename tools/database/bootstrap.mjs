/**
 * Makes the roles and the two databases of Quoin on a PostgreSQL cluster, as its superuser; safe to repeat. Needed once where
 * no `npm start` does it: in compose.yaml, and by whoever runs the cluster that the chart talks to.
 *
 * DB_SUPERUSER_URL is the superuser's connection; the other variables are those of .env.example.
 */
import pg from 'pg';
import { bootstrapSql } from '../stack/bootstrap-sql.mjs';

const NEEDED = [
  'DB_SUPERUSER_URL',
  'DB_USERNAME',
  'DB_PASSWORD',
  'DB_OWNER_USERNAME',
  'DB_OWNER_PASSWORD',
  'DB_DATABASE',
  'DB_LANDLORD_DATABASE',
];

async function connected(url, work) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(database) {
  const url = new URL(process.env.DB_SUPERUSER_URL);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

async function bootstrap(env) {
  const { roles, databases } = bootstrapSql({
    app: env.DB_USERNAME,
    appPassword: env.DB_PASSWORD,
    owner: env.DB_OWNER_USERNAME,
    ownerPassword: env.DB_OWNER_PASSWORD,
    tenantDatabase: env.DB_DATABASE,
    landlordDatabase: env.DB_LANDLORD_DATABASE,
  });
  await connected(env.DB_SUPERUSER_URL, async (client) => {
    await client.query(roles);
    for (const { exists, create } of databases) {
      if ((await client.query(exists)).rowCount === 0) await client.query(create);
    }
  });
  for (const { name, access } of databases) {
    await connected(urlOf(name), (client) => client.query(access));
    console.log(`database ${name} is ready`);
  }
}

const missing = NEEDED.filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(`bootstrap: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`);
  process.exitCode = 1;
} else {
  await bootstrap(process.env);
}
