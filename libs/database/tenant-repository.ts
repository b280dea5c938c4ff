import type { FindManyOptions, FindOptionsOrder, FindOptionsWhere, SelectQueryBuilder } from 'typeorm';
import { In } from 'typeorm';
import { currentTenant } from '#libs/context';
import { decodeCursor, type DomainError, encodeCursor, InvalidCursor, isUuid, type Page } from '#libs/kernel';
import { ConcurrentModification } from './database.errors.js';
import { entitiesOf, rowSelect, type RowSelection } from './row-selects.js';
import { changedSince, rememberAsRead } from './lost-race.js';
import { type ComputedColumns, insertComputedStatement, rowStatements } from './row-statements.js';
import { TenantEntity, VersionedEntity } from './tenant-entity.js';
import type { UnitOfWork } from './unit-of-work.js';

/** What a page is made of. Pages are keyset pages: they cost the same at any depth and never skip or repeat a row. */
export interface PageRequest<E> {
  /** Rows on the page, 1–200. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  readonly where?: FindOptionsWhere<E>;
  /** A unique-enough column to sort by, id breaking ties. Default: newest first by id. */
  readonly orderBy?: { readonly column: keyof E & string; readonly direction: 'ASC' | 'DESC' };
}

/** Bounds of a plain find. */
export interface FindBounds<E> {
  readonly order?: FindOptionsOrder<E>;
  /** Default and maximum: {@link FIND_MAX}. */
  readonly limit?: number;
}

/** No list is read without a bound; what can be longer is read in pages. */
export const FIND_MAX = 10_000;

/**
 * The only way to a table: one repository per aggregate. Works on the connection of the ambient unit of work and on
 * the rows of the current tenant, filtered here and, should that be forgotten, by row-level security (requirement A7).
 */
export abstract class TenantRepository<E extends TenantEntity> {
  protected constructor(
    protected readonly unitOfWork: UnitOfWork,
    private readonly entity: new () => E,
    private readonly notFound: new (id: string) => DomainError,
  ) {}

  /** Rows that match, at most {@link FIND_MAX}. */
  async find(where: FindOptionsWhere<E> = {}, bounds: FindBounds<E> = {}): Promise<E[]> {
    return this.select({ where, order: bounds.order, limit: Math.min(bounds.limit ?? FIND_MAX, FIND_MAX) });
  }

  /** All rows that match, without a bound: the parts of documents that were read under one. */
  protected async findParts(where: FindOptionsWhere<E>, order: FindOptionsOrder<E>): Promise<E[]> {
    return this.select({ where, order });
  }

  /** The one row that matches, or null. */
  async findOne(where: FindOptionsWhere<E>): Promise<E | null> {
    const [first] = await this.find(where, { limit: 1 });
    return first ?? null;
  }

  /** Rows by id, in no particular order; unknown ids are left out. */
  async findByIds(ids: readonly string[]): Promise<E[]> {
    if (ids.length === 0) return [];
    return this.find({ id: In([...new Set(ids)]) } as FindOptionsWhere<E>);
  }

  /** @throws the repository's not-found error */
  async get(id: string): Promise<E> {
    const found = await this.findOne({ id } as FindOptionsWhere<E>);
    if (!found) throw new this.notFound(id);
    return found;
  }

  /** Like {@link get}, holding the row against other writers until the unit of work ends (requirement B2). */
  async getForUpdate(id: string): Promise<E> {
    const [found] = await this.getManyForUpdate([id]);
    if (!found) throw new this.notFound(id);
    return found;
  }

  /** Locks rows in the order of their ids, so that two callers with the same rows cannot deadlock. */
  async getManyForUpdate(ids: readonly string[]): Promise<E[]> {
    if (ids.length === 0) return [];
    const where = { id: In([...new Set(ids)]) } as FindOptionsWhere<E>;
    return this.select({ where, order: { id: 'ASC' } as FindOptionsOrder<E>, forUpdate: true });
  }

  /** True until the entity was inserted or loaded. */
  isNew(entity: E): boolean {
    return !TenantEntity.isStored(entity);
  }

  /** Inserts in one statement, however many. */
  async insert(entities: E | readonly E[]): Promise<void> {
    const list = asList(entities);
    if (list.length === 0) return;
    this.markInserted(list);
    await this.sendInsert(list);
  }

  /**
   * Like {@link insert}, with the next statement of the unit of work or its commit, and with what the rows say then.
   * @param naming gives a failure its name; it leaves the outermost `run`
   */
  insertLater(
    entities: readonly E[],
    naming: (inserted: Promise<void>) => Promise<void> = (inserted) => inserted,
  ): void {
    if (entities.length === 0) return;
    this.markInserted(entities);
    this.unitOfWork.deferInsert(entities, () => naming(this.sendInsert(entities)));
  }

  /**
   * Updates in one statement, however many, each only at the version it was read at.
   * @throws ConcurrentModification naming both versions and what the other one changed
   */
  async update(entities: E | readonly E[]): Promise<void> {
    const list = asList(entities);
    if (list.length === 0) return;
    // A row that is still to be inserted is so at the version that it has now.
    this.unitOfWork.sendInserts();
    const now = new Date();
    for (const entity of list) if (entity instanceof VersionedEntity) entity.updatedAt = now;
    const { update, rowToUpdate } = this.statements();
    const rows = this.json(list, rowToUpdate);
    for (const entity of list) if (entity instanceof VersionedEntity) entity.version += 1;
    const changed = await this.unitOfWork.query<{ id: string }>(update, [rows]);
    if (changed.length === list.length) return list.forEach(rememberAsRead);
    for (const entity of list) if (entity instanceof VersionedEntity) entity.version -= 1;
    await this.refuseLostRace(list, new Set(changed.map((row) => row.id)));
  }

  /**
   * Like {@link update}, once for all changes that this unit of work still makes to the rows: they are written before the commit,
   * or when a statement names the table. For rows that are locked or were inserted here. However many changes there are, they are
   * one version.
   */
  updateLater(entities: readonly E[]): void {
    if (entities.length === 0) return;
    const { tableName } = this.unitOfWork.metadataOf(this.entity);
    const added = this.unitOfWork.defer(tableName, entities, (rows) => this.updateHeld(rows));
    const now = new Date();
    for (const entity of added) {
      if (!(entity instanceof VersionedEntity)) continue;
      // From here on: who is told the version meanwhile is told the one that will be.
      entity.version += 1;
      entity.updatedAt = now;
    }
  }

  /**
   * Inserts one row of which the database itself makes columns, such as a document's number. Gives what it made, by column name.
   */
  protected async insertComputed(entity: E, computed: ComputedColumns): Promise<Record<string, string>> {
    const { inserted, rowToInsert } = this.statements();
    const rows = this.json([entity], rowToInsert);
    this.markInserted([entity]);
    const sql = insertComputedStatement(inserted, computed);
    const [row] = await this.unitOfWork.query<Record<string, string>>(sql, [rows, ...computed.parameters]);
    return row ?? {};
  }

  /** From here on: what follows in this unit of work is carried out after it, or not at all. */
  private markInserted(entities: readonly E[]): void {
    for (const entity of entities) TenantEntity.markStored(entity);
    this.unitOfWork.born(entities.map((entity) => entity.id));
  }

  private async sendInsert(entities: readonly E[]): Promise<void> {
    const { insert, rowToInsert } = this.statements();
    await this.unitOfWork.execute(insert, [this.json(entities, rowToInsert)]);
  }

  private updateHeld(rows: readonly E[]): Promise<unknown> {
    const { updateHeld, rowToUpdate } = this.statements();
    const asRead = (entity: object): Record<string, unknown> =>
      entity instanceof VersionedEntity ? { ...rowToUpdate(entity), version: entity.version - 1 } : rowToUpdate(entity);
    for (const entity of rows) rememberAsRead(entity);
    return this.unitOfWork.execute(updateHeld, [this.json(rows, asRead), rows.length]);
  }

  /** Inserts what is new and updates the rest. */
  async save(entities: E | readonly E[]): Promise<void> {
    const list = asList(entities);
    const fresh = list.filter((entity) => this.isNew(entity));
    const known = list.filter((entity) => !this.isNew(entity));
    await this.insert(fresh);
    await this.update(known);
  }

  /** Deletes the row, only at the version it was read at. @throws ConcurrentModification */
  async remove(entity: E): Promise<void> {
    const where: Record<string, unknown> = { id: entity.id };
    if (entity instanceof VersionedEntity) where['version'] = entity.version;
    const result = await this.unitOfWork
      .managerOf(this.entity)
      .delete(this.entity, this.scoped(where as FindOptionsWhere<E>));
    if (result.affected !== 1) await this.refuseLostRace([entity], new Set());
    TenantEntity.markStored(entity, false);
  }

  /** One keyset page. @throws InvalidCursor for a cursor that this list did not give */
  async page(request: PageRequest<E>): Promise<Page<E>> {
    const column = request.orderBy?.column ?? 'id';
    const direction = request.orderBy?.direction ?? 'DESC';
    const query = this.unitOfWork
      .managerOf(this.entity)
      .createQueryBuilder(this.entity, 'row')
      .where(this.scoped(request.where ?? {}))
      .orderBy(`row.${column}`, direction)
      .limit(request.limit + 1);
    if (column !== 'id') query.addOrderBy('row.id', direction);
    if (request.cursor !== undefined) this.seek(query, column, direction, request.cursor);
    const found = this.loaded(await query.getMany());
    const items = found.slice(0, request.limit);
    const last = items.at(-1);
    const more = found.length > request.limit && last !== undefined;
    return { items, nextCursor: more ? encodeCursor([cursorValue(last[column as keyof E]), last.id]) : null };
  }

  /** Marks rows that a repository hydrated by a query of its own as stored, and gives them back. */
  protected loaded(entities: E[]): E[] {
    for (const entity of entities) {
      TenantEntity.markStored(entity);
      rememberAsRead(entity);
    }
    return entities;
  }

  private async select(selection: RowSelection<E>): Promise<E[]> {
    const where = this.scoped(selection.where);
    const plain = rowSelect(this.unitOfWork.metadataOf(this.entity), { ...selection, where });
    if (!plain) return this.loaded(await this.findByQueryBuilder({ ...selection, where }));
    const rows = await this.unitOfWork.query<object>(plain.sql, plain.parameters);
    return this.loaded(entitiesOf(this.unitOfWork.metadataOf(this.entity), this.entity, rows));
  }

  private findByQueryBuilder({ where, order, limit, forUpdate }: RowSelection<E>): Promise<E[]> {
    if (forUpdate) throw new Error(`${this.entity.name}: rows are locked by plain filters alone`);
    const options: FindManyOptions<E> = { where };
    if (order) options.order = order;
    if (limit !== undefined) options.take = limit;
    return this.unitOfWork.managerOf(this.entity).find(this.entity, options);
  }

  /** The filter, with the tenant in it. */
  protected scoped(where: FindOptionsWhere<E>): FindOptionsWhere<E> {
    return { ...where, tenantId: currentTenant().id };
  }

  private seek(query: SelectQueryBuilder<E>, column: string, direction: 'ASC' | 'DESC', cursor: string): void {
    const position = decodeCursor(cursor);
    if (!Array.isArray(position) || position.length !== 2) throw new InvalidCursor();
    const [value, id] = position;
    if (typeof id !== 'string' || !isUuid(id)) throw new InvalidCursor();
    const operator = direction === 'ASC' ? '>' : '<';
    if (column === 'id') query.andWhere(`row.id ${operator} :cursorId`, { cursorId: id });
    else
      query.andWhere(`(row.${column}, row.id) ${operator} (:cursorValue, :cursorId)`, {
        cursorValue: value,
        cursorId: id,
      });
  }

  private statements(): ReturnType<typeof rowStatements> {
    return rowStatements(this.unitOfWork.metadataOf(this.entity));
  }

  private json(entities: readonly E[], toRow: (entity: object) => Record<string, unknown>): string {
    const tenantId = currentTenant().id;
    for (const entity of entities) entity.tenantId ??= tenantId;
    return JSON.stringify(entities.map((entity) => toRow(entity)));
  }

  private async refuseLostRace(entities: readonly E[], changed: ReadonlySet<string>): Promise<never> {
    const loser = entities.find((entity) => !changed.has(entity.id));
    if (!loser) throw new Error(`${this.entity.name}: the same row was given twice to one update`);
    const [current] = await this.find({ id: loser.id } as FindOptionsWhere<E>);
    const expected = loser instanceof VersionedEntity ? loser.version : 1;
    const actual = current instanceof VersionedEntity ? current.version : null;
    const differing = current ? changedSince(this.unitOfWork.metadataOf(this.entity), loser, current) : [];
    throw new ConcurrentModification(this.entity.name, loser.id, { expected, current: actual }, differing);
  }
}

function asList<E>(entities: E | readonly E[]): readonly E[] {
  return Array.isArray(entities) ? (entities as readonly E[]) : [entities as E];
}

function cursorValue(value: unknown): string | number {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' ? value : String(value);
}
