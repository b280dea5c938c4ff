import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** The statements with which a repository writes rows of one table: any number of them in one round trip. */
export interface RowStatements {
  /** $1 = JSON array of rows. */
  readonly insert: string;
  /** $1 = JSON array of rows carrying the version they were read at; gives the ids that were changed. */
  readonly update: string;
  /** The row of an entity, by column name, in what JSON can say. */
  toRow(entity: object): Record<string, unknown>;
}

const cache = new WeakMap<EntityMetadata, RowStatements>();

/** Built once per entity. `jsonb_populate_recordset` turns one JSON parameter into typed rows of the table. */
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
  const inserted = metadata.columns.filter((column) => column.isInsert).map((column) => quote(column.databaseName));
  const versioned = metadata.columns.some((column) => column.databaseName === 'version');
  const updated = metadata.columns
    .filter((column) => column.isUpdate && !column.isPrimary && column.databaseName !== 'version')
    .map((column) => `${quote(column.databaseName)} = v.${quote(column.databaseName)}`);
  if (versioned) updated.push('"version" = v."version" + 1');
  return {
    insert:
      `insert into ${table} (${inserted.join(', ')}) ` +
      `select ${inserted.join(', ')} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    update:
      `update ${table} as t set ${updated.join(', ')} from jsonb_populate_recordset(null::${table}, $1::jsonb) as v ` +
      `where t.tenant_id = v.tenant_id and t.id = v.id${versioned ? ' and t."version" = v."version"' : ''} returning t.id`,
    toRow: (entity) => toRow(metadata.columns, entity),
  };
}

function toRow(columns: readonly ColumnMetadata[], entity: object): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const column of columns) {
    const value: unknown = column.getEntityValue(entity, true);
    row[column.databaseName] = value === undefined ? null : value;
  }
  return row;
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
