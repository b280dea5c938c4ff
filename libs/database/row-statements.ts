import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** The statements with which a repository writes rows of one table: any number of them in one round trip. */
export interface RowStatements {
  /** $1 = JSON array of rows. */
  readonly insert: string;
  /** $1 = JSON array of rows carrying the version they were read at; gives the ids that were changed. */
  readonly update: string;
  /** $1 = JSON array of rows, $2 = how many; fails unless all of them are there. For rows that the transaction holds locked. */
  readonly updateHeld: string;
  /** The columns of an insert, quoted, and the table. */
  readonly inserted: { readonly table: string; readonly columns: readonly string[] };
  /** The row to insert, by column name, in what JSON can say. */
  readonly rowToInsert: (entity: object) => Record<string, unknown>;
  /** The row to update: its key, the version it was read at, and what may change. */
  readonly rowToUpdate: (entity: object) => Record<string, unknown>;
}

/** Columns of one new row that SQL makes. */
export interface ComputedColumns {
  /** `name as (…)`, parameters from $2 on. */
  readonly with: string;
  /** The name in `with`; it gives one row. */
  readonly from: string;
  readonly parameters: readonly unknown[];
  /** SQL expressions by column name. */
  readonly columns: Readonly<Record<string, string>>;
}

/** The statement that inserts one row, $1 = JSON array of it, with computed columns, and gives those. */
export function insertComputedStatement(
  { table, columns }: RowStatements['inserted'],
  computed: ComputedColumns,
): string {
  const made = new Map(Object.entries(computed.columns).map(([column, sql]) => [quote(column), sql]));
  const values = columns.map((column) => made.get(column) ?? `v.${column}`);
  return (
    `with ${computed.with} insert into ${table} (${columns.join(', ')}) select ${values.join(', ')} ` +
    `from json_populate_recordset(null::${table}, $1::json) as v, ${computed.from} returning ${[...made.keys()].join(', ')}`
  );
}

const cache = new WeakMap<EntityMetadata, RowStatements>();

/**
 * Built once per entity. `json_populate_recordset` turns one JSON parameter into typed rows of the table; json and not
 * jsonb, which takes twice as long because it builds a tree first.
 */
export function rowStatements(metadata: EntityMetadata): RowStatements {
  const known = cache.get(metadata);
  if (known) return known;
  const built = build(metadata);
  cache.set(metadata, built);
  return built;
}

function build(metadata: EntityMetadata): RowStatements {
  const table = metadata.tablePath
    .split('.')
    .map((part) => quote(part))
    .join('.');
  const inserted = metadata.columns.filter((column) => column.isInsert);
  const versioned = metadata.columns.some(isVersion);
  const updated = metadata.columns.filter((column) => column.isUpdate && !column.isPrimary && !isVersion(column));
  const keys = metadata.columns.filter((column) => column.isPrimary || isVersion(column));
  return {
    insert: insertStatement(table, inserted.map(nameOf)),
    update: updateStatement(table, updated.map(nameOf), versioned),
    // The division is how plain SQL refuses: the commit then fails without anybody looking at the count.
    updateHeld: `with changed as (${updateStatement(table, updated.map(nameOf), versioned)}) select 1 / (count(*) = $2::bigint)::int from changed`,
    inserted: { table, columns: inserted.map(nameOf) },
    rowToInsert: (entity) => toRow(inserted, entity),
    rowToUpdate: (entity) => toRow([...keys, ...updated], entity),
  };
}

function insertStatement(table: string, columns: readonly string[]): string {
  const names = columns.join(', ');
  return `insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, $1::json)`;
}

function updateStatement(table: string, columns: readonly string[], versioned: boolean): string {
  const changes = columns.map((column) => `${column} = v.${column}`);
  if (versioned) changes.push('"version" = v."version" + 1');
  return (
    `update ${table} as t set ${changes.join(', ')} from json_populate_recordset(null::${table}, $1::json) as v ` +
    `where t.tenant_id = v.tenant_id and t.id = v.id${versioned ? ' and t."version" = v."version"' : ''} returning t.id`
  );
}

/** What is not there is null in the row that becomes of it. */
function toRow(columns: readonly ColumnMetadata[], entity: object): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const column of columns) {
    const value: unknown = column.getEntityValue(entity, true);
    if (value !== undefined && value !== null) row[column.databaseName] = value;
  }
  return row;
}

function isVersion(column: ColumnMetadata): boolean {
  return column.databaseName === 'version';
}

function nameOf(column: ColumnMetadata): string {
  return quote(column.databaseName);
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
