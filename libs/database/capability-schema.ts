type Classes = readonly (new () => object)[];

/** What a capability brings into the databases. `schema.ts` of each capability exports one; `ormconfig.ts` joins them. */
export interface CapabilitySchema {
  /** Entities of the tenant databases. */
  readonly entities?: Classes;
  /**
   * Migrations of the tenants' own tables, run as the owner, in the order of their timestamps: in `public` of each tenant
   * database, and in each schema of one tenant. They name no schema.
   */
  readonly migrations?: Classes;
  /** Migrations of the schema `platform`, which is there once per tenant database, whatever schemas it has. */
  readonly platformMigrations?: Classes;
  /** Entities of the landlord database. */
  readonly landlordEntities?: Classes;
  /** Migrations of the landlord database. */
  readonly landlordMigrations?: Classes;
  /** Statements run as the owner after each `migrate` of tenants' tables, e.g. to make partitions ahead. Repeatable. */
  readonly afterMigrate?: readonly string[];
}

/** What a connection is for: the landlord's database, a tenant database, or one schema of a single tenant in there. */
export type DatabaseKind = 'landlord' | 'tenant' | 'schema';

/** Joins the entities or migrations of all capabilities for one kind of database. */
export function classesOf(
  schemas: readonly CapabilitySchema[],
  kind: DatabaseKind,
  what: 'entities' | 'migrations',
): (new () => object)[] {
  return schemas.flatMap((schema) => [
    ...(what === 'entities' ? entitiesOf(schema, kind) : migrationsOf(schema, kind)),
  ]);
}

function entitiesOf(schema: CapabilitySchema, kind: DatabaseKind): Classes {
  return (kind === 'landlord' ? schema.landlordEntities : schema.entities) ?? [];
}

function migrationsOf(schema: CapabilitySchema, kind: DatabaseKind): Classes {
  if (kind === 'landlord') return schema.landlordMigrations ?? [];
  const platform = kind === 'tenant' ? (schema.platformMigrations ?? []) : [];
  return [...platform, ...(schema.migrations ?? [])];
}
