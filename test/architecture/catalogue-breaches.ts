import type { CatalogueRule } from './catalogue-rules.js';

/** What somebody might do in a migration, and how the scan has to put it. */
export type Breach = readonly [what: string, sql: string, offender: string, rule: CatalogueRule];

const NO_TENANT = 'has no tenant_id uuid not null';
const NO_RLS = 'does not enable and force row-level security';
const NO_POLICY = 'lacks the tenant policy';
const OTHER_POLICY = 'has another policy than the tenant’s';
const POINTS_ACROSS = 'points across tenants';
const NO_STATUS_INDEX = 'has no index on (tenant_id, status)';
const BEYOND = 'is granted beyond reading and writing rows';
const UNREACHABLE = 'is granted though nobody should reach it';
const SOMEBODY = 'is granted to somebody else';
const POWER = 'has more power than its work needs';
const BECOMES = 'is a role that the application can become';

const tables: readonly Breach[] = [
  ['a table that forgot the tenant', 'create table note (id uuid primary key)', 'public.note', NO_TENANT],
  [
    'a tenant that may be missing',
    'alter table email_message drop constraint email_message_pkey, alter tenant_id drop not null',
    'public.email_message',
    NO_TENANT,
  ],
  ['row-level security that is off', 'alter table product disable row level security', 'public.product', NO_RLS],
  ['one that spares the owner', 'alter table product no force row level security', 'public.product', NO_RLS],
  [
    'a partition without it',
    'alter table stock_movement_default no force row level security',
    'public.stock_movement_default',
    NO_RLS,
  ],
];

const policies: readonly Breach[] = [
  ['a table without its policy', 'drop policy tenant_isolation on product', 'public.product', NO_POLICY],
  [
    'a policy that does not check what is written',
    'alter policy tenant_isolation on product with check (true)',
    'public.product',
    NO_POLICY,
  ],
  [
    'a policy with a way round it',
    `alter policy tenant_isolation on product using (
      tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or current_setting('app.all') = 'yes')`,
    'public.product',
    NO_POLICY,
  ],
  [
    'a policy that lets everybody see',
    'create policy all_of_it on product for select using (true)',
    'public.product all_of_it',
    OTHER_POLICY,
  ],
  [
    'the dispatcher’s policy on another table',
    'create policy dispatch on platform.outbox_event to quoin_dispatcher using (true) with check (true)',
    'platform.outbox_event dispatch',
    OTHER_POLICY,
  ],
  [
    'a pruner who sees answers whose time is not over',
    'alter policy prune on platform.idempotency_key using (true)',
    'platform.idempotency_key prune',
    OTHER_POLICY,
  ],
  [
    'the dispatcher’s policy for everybody',
    'alter policy dispatch on platform.delivery to public',
    'platform.delivery dispatch',
    OTHER_POLICY,
  ],
];

const keys: readonly Breach[] = [
  [
    'ids without their tenant',
    'alter table email_message drop constraint email_message_pkey, add primary key (id)',
    'public.email_message',
    'has no unique (tenant_id, id)',
  ],
  [
    'a number that is unique for all tenants together',
    'create unique index on customer (number)',
    'public.customer (number)',
    'is unique across tenants',
  ],
  [
    'a foreign key without the tenant',
    `create unique index on product (id);
     alter table stock_level add constraint loose foreign key (product_id) references product (id)`,
    'public.stock_level loose',
    POINTS_ACROSS,
  ],
  [
    'a foreign key that pairs the tenant with something else',
    `alter table account add column other uuid, add unique (tenant_id, other);
     alter table account add constraint crossed foreign key (other, tenant_id) references account (tenant_id, other)`,
    'public.account crossed',
    POINTS_ACROSS,
  ],
  [
    'a foreign key that old rows need not keep',
    'alter table company add constraint late foreign key (tenant_id, id) references account (tenant_id, id) not valid',
    'public.company late',
    POINTS_ACROSS,
  ],
  [
    'a foreign key without an index',
    `alter table company add column account_id uuid;
     alter table company add constraint slow foreign key (tenant_id, account_id) references account (tenant_id, id)`,
    'public.company slow',
    'has no index for its foreign key',
  ],
  [
    'a table without its index by age',
    'drop index product_created_at_idx',
    'public.product',
    'has no index on (tenant_id, created_at)',
  ],
  [
    'an index by status that begins with it',
    'drop index product_status_idx; create index on product (status, tenant_id)',
    'public.product',
    NO_STATUS_INDEX,
  ],
  [
    'an index by status for some rows',
    'drop index product_status_idx; create index on product (tenant_id, status) where id is not null',
    'public.product',
    NO_STATUS_INDEX,
  ],
];

const rights: readonly Breach[] = [
  [
    'a table of the application’s own',
    'alter table product owner to quoin_app',
    'public.product',
    'is not the owner’s',
  ],
  ['rights for everybody', 'grant select on product to public', 'public.product SELECT to public', SOMEBODY],
  [
    'more sight for the dispatcher',
    'grant select (payload) on platform.outbox_event to quoin_dispatcher',
    'platform.outbox_event SELECT to quoin_dispatcher',
    SOMEBODY,
  ],
  ['the right to empty a table', 'grant truncate on product to quoin_app', 'public.product TRUNCATE', BEYOND],
  ['the right to point at a table', 'grant references on product to quoin_app', 'public.product REFERENCES', BEYOND],
  ['the right to add triggers', 'grant trigger on product to quoin_app', 'public.product TRIGGER', BEYOND],
  [
    'rights that can be passed on',
    'grant select on product to quoin_app with grant option',
    'public.product SELECT',
    BEYOND,
  ],
  [
    'a partition that can be read by itself',
    'grant select on stock_movement_default to quoin_app',
    'public.stock_movement_default SELECT',
    UNREACHABLE,
  ],
  [
    'a materialized view that can be read',
    'create materialized view products as select * from product; grant select on products to quoin_app',
    'public.products SELECT',
    UNREACHABLE,
  ],
  [
    'a history of migrations that can be rewritten',
    'grant insert on schema_migration to quoin_app',
    'public.schema_migration INSERT',
    UNREACHABLE,
  ],
  [
    'rights on whatever comes',
    'alter default privileges for role quoin_owner grant select on tables to quoin_app',
    'quoin_owner SELECT',
    'will be granted by default',
  ],
];

const detours: readonly Breach[] = [
  [
    'a view with its owner’s eyes',
    'create view products as select * from product',
    'public.products',
    'is a view that looks with its owner’s eyes',
  ],
  [
    'a function with its owner’s rights',
    `create function peek() returns bigint language sql security definer as 'select count(*) from product'`,
    'peek',
    'is a function that acts with its owner’s rights',
  ],
  [
    'a rule that writes elsewhere',
    'create rule copy as on insert to product do also select 1',
    'public.product copy',
    'is a rule on a table',
  ],
];

const roles: readonly Breach[] = [
  ['an application that passes all policies', 'alter role quoin_app bypassrls', 'quoin_app', POWER],
  ['an application that may do anything', 'alter role quoin_app superuser', 'quoin_app', POWER],
  ['an application that has the dispatcher’s sight unasked', 'alter role quoin_app inherit', 'quoin_app', POWER],
  ['an owner that passes all policies', 'alter role quoin_owner bypassrls', 'quoin_owner', POWER],
  ['an application that can become the owner', 'grant quoin_owner to quoin_app', 'quoin_owner', BECOMES],
  ['the same by a detour', 'grant pg_read_all_data to quoin_dispatcher', 'pg_read_all_data', BECOMES],
  [
    'an application that creates tables',
    'grant create on schema public to quoin_app',
    'public',
    'lets the application create objects',
  ],
  [
    'a tenant for whoever logs in',
    'alter role quoin_app set app.tenant_id = 42',
    'quoin_app app.tenant_id=42',
    'names a tenant for whoever logs in',
  ],
];

/** One breach of each rule at least, each in a transaction that is rolled back. */
export const BREACHES = [...tables, ...policies, ...keys, ...rights, ...detours, ...roles];
