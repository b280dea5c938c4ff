import type pg from 'pg';
import { APP_ROLE, DISPATCHER_ROLE, TENANT_PREDICATE } from '#libs/database';

/** Owns everything. */
const OWNER = 'quoin_owner';

/** Written by TypeORM: which migrations ran. Of no tenant, and of no use to the application. */
const MIGRATIONS = 'schema_migration';

/** The dispatcher's own policies: that there is work, of whichever tenant, and whether it is being moved (libs/events). */
const DISPATCH = { tables: `('platform.delivery', 'platform.tenant_gate')`, policy: 'dispatch' };

/** And its other one: kept answers, once their time is over, and then only to be deleted (libs/idempotency). */
const PRUNE = { table: 'platform.idempotency_key', policy: 'prune', visible: '(expires_at < now())' };

/** What PostgreSQL makes of the one allowed predicate, in its own words. */
const REFERENCE = `
  create temporary table reference_policy (tenant_id uuid);
  create policy reference on pg_temp.reference_policy using (${TENANT_PREDICATE});`;

/** Names that the rules below use. A partition counts as a table: who reads it directly passes no policy but its own. */
const SCOPE = `
  with spaces as (
    select oid, nspname, nspowner from pg_namespace
    where nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'
  ), relations as (
    select c.*, s.nspname || '.' || c.relname as name from pg_class c join spaces s on s.oid = c.relnamespace
  ), tables as (
    select * from relations where relkind in ('r', 'p', 'f') and relname <> '${MIGRATIONS}'
  ), columns as (
    select t.oid as table_oid, t.name, a.attname, a.attnum, a.atttypid, a.attnotnull, a.attacl
    from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  ), whole_indexes as (
    -- Without a predicate and without expressions: what every row is found or held by.
    select i.indrelid, i.indisunique, array(
      select a.attname::text from unnest(i.indkey::int2[]) with ordinality k (attnum, place)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where place <= i.indnkeyatts order by place) as names
    from pg_index i where i.indisvalid and i.indpred is null and i.indexprs is null
  ), partition_keys as (
    select t.oid as table_oid, array(
      select a.attname::text from unnest(p.partattrs::int2[]) k (attnum)
      join pg_attribute a on a.attrelid = p.partrelid and a.attnum = k.attnum) as names
    from tables t left join pg_inherits h on h.inhrelid = t.oid
    join pg_partitioned_table p on p.partrelid in (t.oid, h.inhparent)
  ), foreign_keys as (
    select f.oid, f.conname, f.conrelid, f.confrelid, t.name, f.convalidated,
      array(select a.attname::text from unnest(f.conkey) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum order by place) as names,
      array(select a.attname::text from unnest(f.confkey) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum order by place) as target_names
    from pg_constraint f join tables t on t.oid = f.conrelid where f.contype = 'f'
  ), the_predicate as (
    select pg_get_expr(polqual, polrelid) as words from pg_policy where polrelid = 'pg_temp.reference_policy'::regclass
  ), policies as (
    select t.name, p.*, pg_get_expr(p.polqual, p.polrelid) as visible, pg_get_expr(p.polwithcheck, p.polrelid) as writable
    from pg_policy p join tables t on t.oid = p.polrelid
  ), tenant_policies as (
    select p.* from policies p, the_predicate
    where polpermissive and polcmd = '*' and polroles = '{0}' and visible = words and writable = words
  ), grants as (
    select r.name, r.relname, r.relkind, r.relispartition, r.relowner, g.grantee, g.privilege_type, g.is_grantable, false as on_column
    from relations r, aclexplode(r.relacl) g
    union all
    select r.name, r.relname, r.relkind, r.relispartition, r.relowner, g.grantee, g.privilege_type, g.is_grantable, true
    from relations r join pg_attribute a on a.attrelid = r.oid and not a.attisdropped, aclexplode(a.attacl) g
  ), reachable as (
    with recursive roles as (
      select roleid from pg_auth_members where member = '${APP_ROLE}'::regrole
      union select m.roleid from pg_auth_members m join roles on m.member = roles.roleid
    ) select roleid from roles
  )`;

/** Each selects what breaks it, by name. */
const RULES = {
  'has no tenant_id uuid not null': `
    select name from tables t where not exists (select from columns c where c.table_oid = t.oid
      and attname = 'tenant_id' and atttypid = 'uuid'::regtype and attnotnull)`,
  'does not enable and force row-level security': `
    select name from tables where not (relrowsecurity and relforcerowsecurity)`,
  'lacks the tenant policy': `
    select name from tables t where not exists (select from tenant_policies p where p.polrelid = t.oid)`,
  'has another policy than the tenant’s': `
    select name || ' ' || polname from policies p where oid not in (select oid from tenant_policies)
      and not (name in ${DISPATCH.tables} and polname = '${DISPATCH.policy}'
        and polroles = array['${DISPATCHER_ROLE}'::regrole::oid] and visible = 'true' and coalesce(writable, 'true') = 'true')
      and not (name = '${PRUNE.table}' and polname = '${PRUNE.policy}'
        and polroles = array['${DISPATCHER_ROLE}'::regrole::oid] and visible = '${PRUNE.visible}' and writable = 'false')`,
  'has no unique (tenant_id, id)': `
    select name from tables t where not exists (
      select from whole_indexes i where i.indrelid = t.oid and i.indisunique
        and i.names @> array['tenant_id', 'id'] and i.names <@ (array['tenant_id', 'id']
        || coalesce((select names from partition_keys k where k.table_oid = t.oid), '{}')))`,
  'is unique across tenants': `
    select t.name || ' (' || array_to_string(i.names, ', ') || ')' from tables t
      join whole_indexes i on i.indrelid = t.oid and i.indisunique where not 'tenant_id' = any (i.names)`,
  'points across tenants': `
    select name || ' ' || conname from foreign_keys where not convalidated or not exists (
      select from generate_subscripts(names, 1) i where names[i] = 'tenant_id' and target_names[i] = 'tenant_id')`,
  'has no index for its foreign key': `
    select name || ' ' || conname from foreign_keys f where not exists (
      select from whole_indexes i where i.indrelid = f.conrelid and i.names[1] = 'tenant_id'
        and f.names <@ i.names[1:cardinality(f.names)])`,
  'has no index on (tenant_id, created_at)': `
    select name from tables t where not exists (
      select from whole_indexes i where i.indrelid = t.oid and i.names[1:2] = array['tenant_id', 'created_at'])`,
  'has no index on (tenant_id, status)': `
    select name from columns c where attname = 'status' and not exists (
      select from whole_indexes i where i.indrelid = c.table_oid and i.names[1:2] = array['tenant_id', 'status'])`,
  'is not the owner’s': `
    select name from relations where relkind not in ('i', 'I') and relowner <> '${OWNER}'::regrole
    union all select nspname from spaces where nspowner <> '${OWNER}'::regrole
    union all select proname from pg_proc where pronamespace in (select oid from spaces) and proowner <> '${OWNER}'::regrole`,
  'is granted to somebody else': `
    select name || ' ' || privilege_type || ' to ' || case grantee when 0 then 'public' else grantee::regrole::text end
    from grants where grantee <> relowner and grantee <> '${APP_ROLE}'::regrole
      and not (name in ${DISPATCH.tables} and on_column and grantee = '${DISPATCHER_ROLE}'::regrole)
      and not (name = '${PRUNE.table}' and (on_column or privilege_type = 'DELETE')
        and grantee = '${DISPATCHER_ROLE}'::regrole)`,
  'is granted beyond reading and writing rows': `
    select name || ' ' || privilege_type from grants where grantee <> relowner
      and (is_grantable or privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))`,
  'is granted though nobody should reach it': `
    select name || ' ' || privilege_type from grants
      where grantee <> relowner and (relispartition or relkind = 'm' or relname = '${MIGRATIONS}')`,
  'is a view that looks with its owner’s eyes': `
    select name from relations where relkind = 'v' and not coalesce(reloptions::text[] && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)`,
  'is a function that acts with its owner’s rights': `
    select proname from pg_proc where prosecdef and pronamespace in (select oid from spaces)`,
  'is a rule on a table': `
    select t.name || ' ' || rulename from pg_rewrite w join tables t on t.oid = w.ev_class`,
  'has more power than its work needs': `
    select rolname from pg_roles where rolname in ('${OWNER}', '${APP_ROLE}', '${DISPATCHER_ROLE}')
      and (rolsuper or rolbypassrls or rolcreaterole or rolreplication or (rolcreatedb and rolname <> '${OWNER}'))
    union all select rolname from pg_roles where rolname = '${APP_ROLE}' and rolinherit`,
  'is a role that the application can become': `
    select roleid::regrole::text from reachable where roleid <> '${DISPATCHER_ROLE}'::regrole`,
  'lets the application create objects': `
    select nspname from spaces where has_schema_privilege('${APP_ROLE}', oid, 'CREATE')
    union all select current_database() where has_database_privilege('${APP_ROLE}', current_database(), 'CREATE')`,
  'will be granted by default': `
    select defaclrole::regrole || ' ' || privilege_type from pg_default_acl, aclexplode(defaclacl) where grantee <> defaclrole`,
  'names a tenant for whoever logs in': `
    select coalesce(setrole::regrole::text, '') || ' ' || setting from pg_db_role_setting, unnest(setconfig) setting
    where setting like 'app.%' or setting like 'row_security%'`,
} as const;

/** What an offender is said to do. */
export type CatalogueRule = keyof typeof RULES;

/** All rules. */
export const CATALOGUE_RULES = Object.keys(RULES) as CatalogueRule[];

/** Those that say how tables are kept apart by tenant. The landlord's tables are of no tenant: the others bind them too. */
export const TENANCY_RULES: readonly CatalogueRule[] = [
  'has no tenant_id uuid not null',
  'does not enable and force row-level security',
  'lacks the tenant policy',
  'has another policy than the tenant’s',
  'has no unique (tenant_id, id)',
  'is unique across tenants',
  'points across tenants',
  'has no index for its foreign key',
  'has no index on (tenant_id, created_at)',
  'has no index on (tenant_id, status)',
];

/** To be called once per connection, by a superuser, before {@link catalogueFaults}. */
export async function prepareCatalogueScan(client: pg.Client): Promise<void> {
  await client.query(REFERENCE);
}

/** What in a database breaks rules of tenancy (requirements A5, A9, J1): `public.product has no …`. */
export async function catalogueFaults(client: pg.Client, rules: readonly CatalogueRule[]): Promise<string[]> {
  const questions = rules.map((rule) => `select $q$${rule}$q$ as rule, offender from (${RULES[rule]}) o (offender)`);
  const statement = `${SCOPE}\n${questions.join('\nunion all\n')}`;
  const { rows } = await client.query<{ rule: string; offender: string }>(statement);
  return rows.map(({ rule, offender }) => `${offender} ${rule}`).sort();
}
