import type { EntityMetadata } from 'typeorm';
import { TenantEntity, VersionedEntity } from './tenant-entity.js';

/** Grow with each update, whatever it is about. */
const ALWAYS_CHANGED: ReadonlySet<string> = new Set(['version', 'updatedAt']);

/** Remembers what a versioned row was like, for {@link changedSince}. */
export function rememberAsRead(entity: TenantEntity): void {
  if (entity instanceof VersionedEntity) TenantEntity.rememberAsRead(entity);
}

/** Names of the fields in which the row is now other than when `loser` was read; its own changes are not among them. */
export function changedSince(metadata: EntityMetadata, loser: TenantEntity, current: TenantEntity): string[] {
  const before = TenantEntity.asRead(loser);
  if (!before) return [];
  const columns = metadata.columns.filter(
    (column) => column.isUpdate && !column.isPrimary && !ALWAYS_CHANGED.has(column.propertyName),
  );
  const said = (entity: object, column: (typeof columns)[number]) =>
    JSON.stringify(column.getEntityValue(entity, true));
  return columns
    .filter((column) => said(before, column) !== said(current, column))
    .map((column) => column.propertyName)
    .sort();
}
