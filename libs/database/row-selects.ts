import { type EntityMetadata, FindOperator, type FindOptionsOrder, type FindOptionsWhere } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** One statement that reads whole rows of one table. */
export interface RowSelect {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What rows to read, in what order, and how. */
export interface RowSelection<E> {
  readonly where: FindOptionsWhere<E>;
  readonly order?: FindOptionsOrder<E> | undefined;
  readonly limit?: number;
  /** Holds the rows against other writers until the transaction ends. */
  readonly forUpdate?: boolean;
}

interface Term {
  readonly column: ColumnMetadata;
  readonly among: boolean;
  readonly value: unknown;
}

const TEXTS_MAX = 1_000;
const texts = new WeakMap<EntityMetadata, Map<string, string>>();

/**
 * The statement for a filter of columns that equal a value, or one of several (`In`), which is nearly all of them. Its text is put
 * together once for each shape of filter: TypeORM's query builder takes longer to do that than the server to find the row.
 * Null for any other filter, which is the query builder's.
 */
export function rowSelect<E>(metadata: EntityMetadata, selection: RowSelection<E>): RowSelect | null {
  const terms = termsOf(metadata, selection.where);
  const order = orderOf(metadata, selection.order);
  if (terms === null || order === null) return null;
  const shape = [
    ...terms.map((term) => `${term.column.databaseName} ${term.among}`),
    order,
    selection.forUpdate,
  ].join();
  const limited = selection.limit !== undefined;
  const sql = remembered(metadata, `${shape} ${limited}`, () => textOf(metadata, terms, order, selection));
  const parameters = terms.map(({ column, among, value }) => parameterOf(column, among, value));
  return { sql, parameters: limited ? [...parameters, selection.limit] : parameters };
}

/** Entities out of rows that carry all columns of their table. */
export function entitiesOf<E>(metadata: EntityMetadata, entity: new () => E, rows: readonly object[]): E[] {
  const { driver } = metadata.connection;
  return rows.map((row) => {
    const made = new entity();
    for (const column of selectedOf(metadata)) {
      const stored: unknown = (row as Record<string, unknown>)[column.databaseName];
      column.setEntityValue(made as object, driver.prepareHydratedValue(stored, column));
    }
    return made;
  });
}

function selectedOf(metadata: EntityMetadata): ColumnMetadata[] {
  return metadata.columns.filter((column) => column.isSelect);
}

function termsOf(metadata: EntityMetadata, where: Record<string, unknown>): Term[] | null {
  const terms: Term[] = [];
  for (const [property, given] of Object.entries(where)) {
    const column = metadata.findColumnWithPropertyName(property);
    const among = given instanceof FindOperator && given.type === 'in';
    const value: unknown = among ? given.value : given;
    if (!column || !isPlain(value, among)) return null;
    terms.push({ column, among, value });
  }
  return terms;
}

/** Null and undefined mean something else in each case, or nothing: the query builder says what. */
function isPlain(value: unknown, among: boolean): boolean {
  if (among) return Array.isArray(value) && value.every((one) => isPlain(one, false));
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) || value instanceof Date;
}

function orderOf(metadata: EntityMetadata, order: Record<string, unknown> = {}): string | null {
  const parts = Object.entries(order).map(([property, direction]) => {
    const column = metadata.findColumnWithPropertyName(property);
    return column && (direction === 'ASC' || direction === 'DESC')
      ? `${quote(column.databaseName)} ${direction}`
      : undefined;
  });
  return parts.includes(undefined) ? null : parts.join(', ');
}

function textOf<E>(
  metadata: EntityMetadata,
  terms: readonly Term[],
  order: string,
  selection: RowSelection<E>,
): string {
  const columns = selectedOf(metadata)
    .map((column) => quote(column.databaseName))
    .join(', ');
  const conditions = terms.map(({ column, among }, index) =>
    among ? `${quote(column.databaseName)} = any($${index + 1})` : `${quote(column.databaseName)} = $${index + 1}`,
  );
  const table = metadata.tablePath.split('.').map(quote).join('.');
  return [
    `select ${columns} from ${table}`,
    conditions.length > 0 ? `where ${conditions.join(' and ')}` : '',
    order === '' ? '' : `order by ${order}`,
    selection.limit === undefined ? '' : `limit $${terms.length + 1}`,
    selection.forUpdate ? 'for update' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function parameterOf(column: ColumnMetadata, among: boolean, value: unknown): unknown {
  const { driver } = column.entityMetadata.connection;
  if (!among) return driver.preparePersistentValue(value, column) as unknown;
  return (value as unknown[]).map((one) => driver.preparePersistentValue(one, column) as unknown);
}

function remembered(metadata: EntityMetadata, shape: string, build: () => string): string {
  let known = texts.get(metadata);
  if (!known) texts.set(metadata, (known = new Map()));
  const text = known.get(shape) ?? build();
  if (known.size < TEXTS_MAX) known.set(shape, text);
  return text;
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
