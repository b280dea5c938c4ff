/**
 * The roles and the two databases of Quoin, as SQL for the cluster's superuser. The single source: the local stack, the tests,
 * the container image and the chart all use it. Every statement may be run again.
 */

/** The names used where nothing else is asked for. */
export const DEFAULT_NAMES = {
  owner: 'quoin_owner',
  app: 'quoin_app',
  dispatcher: 'quoin_dispatcher',
  landlordDatabase: 'quoin_landlord',
  tenantDatabase: 'quoin_tenants',
};

/** Quotes an identifier. */
export const identifier = (name) => `"${name.replaceAll('"', '""')}"`;

/** Quotes a string literal; backslashes are literal under standard_conforming_strings. */
export const literal = (text) => `'${text.replaceAll("'", "''")}'`;

function roleSql(name, attributes) {
  return `do $do$ begin
  if not exists (select from pg_roles where rolname = ${literal(name)}) then create role ${identifier(name)}; end if;
end $do$;
alter role ${identifier(name)} nosuperuser nobypassrls nocreaterole noreplication ${attributes};`;
}

/**
 * Makes or corrects the three roles: the owner migrates, and makes databases of single tenants; the application owns nothing, and inherits nothing, so that the
 * dispatcher's sight of other tenants' deliveries has to be asked for with SET LOCAL ROLE.
 * @param {{ ownerPassword: string, appPassword: string, owner?: string, app?: string, dispatcher?: string }} options
 * @returns {string} run it connected to any database
 */
export function rolesSql(options) {
  const { owner, app, dispatcher, ownerPassword, appPassword } = { ...DEFAULT_NAMES, ...options };
  return [
    roleSql(owner, `createdb login inherit password ${literal(ownerPassword)}`),
    roleSql(app, `nocreatedb login noinherit password ${literal(appPassword)}`),
    roleSql(dispatcher, 'nocreatedb nologin noinherit'),
    `grant ${identifier(dispatcher)} to ${identifier(app)};`,
    // Rows of a tenant that is moved are copied as they are: no trigger may stamp them or book them again.
    `do $do$ begin
  if current_setting('server_version_num')::integer >= 150000 then
    grant set on parameter session_replication_role to ${identifier(owner)};
  end if;
end $do$;`,
  ].join('\n');
}

/** Whether the database exists: one row when it does. */
export const databaseExistsSql = (database) => `select 1 from pg_database where datname = ${literal(database)}`;

/** Creates a database of the owner's; not repeatable, and not allowed inside a transaction. */
export function createDatabaseSql(database, owner = DEFAULT_NAMES.owner) {
  return `create database ${identifier(database)} owner ${identifier(owner)} template template0 encoding 'UTF8';`;
}

/**
 * Closes a database to everybody but the owner and the application.
 * @returns {string} run it connected to that very database
 */
export function databaseAccessSql(database, options = {}) {
  const { owner, app } = { ...DEFAULT_NAMES, ...options };
  return `revoke all on database ${identifier(database)} from public;
grant connect on database ${identifier(database)} to ${identifier(app)};
revoke all on schema public from public;
alter schema public owner to ${identifier(owner)};
grant usage on schema public to ${identifier(app)};`;
}

/**
 * The whole bootstrap in order.
 * @param {{ ownerPassword: string, appPassword: string, owner?: string, app?: string, dispatcher?: string,
 *   landlordDatabase?: string, tenantDatabase?: string }} options
 * @returns {{ roles: string, databases: { name: string, exists: string, create: string, access: string }[] }}
 *   `roles` first; then for each database `create` unless `exists` answers a row, and `access` connected to it
 */
export function bootstrapSql(options) {
  const names = { ...DEFAULT_NAMES, ...options };
  const databases = [names.landlordDatabase, names.tenantDatabase].map((name) => ({
    name,
    exists: databaseExistsSql(name),
    create: createDatabaseSql(name, names.owner),
    access: databaseAccessSql(name, names),
  }));
  return { roles: rolesSql(names), databases };
}
