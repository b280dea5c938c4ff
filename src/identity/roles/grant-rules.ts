import type { Principal } from '#libs/context';
import { isPermission } from './permissions.js';
import { PermissionEscalation, PermissionUnknown } from './role.errors.js';

/** @throws PermissionUnknown naming all that the catalogue does not have */
export function requireKnown(permissions: readonly string[]): void {
  const unknown = permissions.filter((name) => !isPermission(name));
  if (unknown.length > 0) throw new PermissionUnknown(unknown);
}

/**
 * Nobody gives away, takes away or acts on permissions that they do not have: otherwise `user.write` alone would be
 * enough to become the owner, by a role, a new user or the owner's password. Quoin itself and the operator may.
 * @throws PermissionEscalation naming what is missing
 */
export function requireAll(actor: Principal, permissions: readonly string[]): void {
  if (actor.kind !== 'user') return;
  const missing = permissions.filter((name) => !actor.permissions.has(name));
  if (missing.length > 0) throw new PermissionEscalation([...new Set(missing)].sort());
}
