type Classes = readonly (new () => object)[];

/** What a capability brings into the databases. `schema.ts` of each capability exports one; `ormconfig.ts` joins them. */
export interface CapabilitySchema {
  /** Entities of the tenant databases. */
  readonly entities?: Classes;
  /** Migrations of the tenant databases, run as the owner, in the order of their timestamps. */
  readonly migrations?: Classes;
  /** Entities of the landlord database. */
  readonly landlordEntities?: Classes;
  /** Migrations of the landlord database. */
  readonly landlordMigrations?: Classes;
  /** Statements run as the owner after each `migrate` of a tenant database, e.g. to make partitions ahead. Repeatable. */
  readonly afterMigrate?: readonly string[];
}

/** Which of the two kinds of database a connection is for. */
export type DatabaseKind = 'landlord' | 'tenant';

/** Joins the entities or migrations of all capabilities for one kind of database. */
export function classesOf(
  schemas: readonly CapabilitySchema[],
  kind: DatabaseKind,
  what: 'entities' | 'migrations',
): (new () => object)[] {
  return schemas.flatMap((schema) => {
    if (what === 'entities') return [...((kind === 'tenant' ? schema.entities : schema.landlordEntities) ?? [])];
    return [...((kind === 'tenant' ? schema.migrations : schema.landlordMigrations) ?? [])];
  });
}
