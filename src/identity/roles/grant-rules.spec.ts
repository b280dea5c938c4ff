import { type Principal, systemPrincipal } from '#libs/context';
import { requireAll, requireKnown } from './grant-rules.js';
import { FIRST_ROLES, PERMISSION_NAMES } from './permissions.js';
import { OwnerRoleProtected, PermissionEscalation, PermissionUnknown } from './role.errors.js';
import { Role } from './role.entity.js';

const clerk: Principal = { kind: 'user', id: 'cleo', permissions: new Set(['user.write', 'catalog.read']) };

it('lets somebody give what they have', () => {
  expect(() => requireAll(clerk, ['catalog.read'])).not.toThrow();
});

it('names what they would give without having it', () => {
  expect(() => requireAll(clerk, ['catalog.read', 'payment.refund', 'catalog.write', 'payment.refund'])).toThrow(
    expect.objectContaining({
      constructor: PermissionEscalation,
      details: { missing: ['catalog.write', 'payment.refund'] },
    }),
  );
});

it('lets Quoin itself give anything', () => {
  expect(() => requireAll(systemPrincipal('quoin'), PERMISSION_NAMES)).not.toThrow();
});

it('names all permissions that the catalogue does not have', () => {
  expect(() => requireKnown(['catalog.read', 'root', '__proto__', 'toString'])).toThrow(
    expect.objectContaining({
      constructor: PermissionUnknown,
      details: { permissions: ['root', '__proto__', 'toString'] },
    }),
  );
});

it('makes equal sets of permissions equal rows', () => {
  const role = new Role();
  role.redefine('counter', ['b.read', 'a.read', 'b.read']);
  expect(role.permissions).toEqual(['a.read', 'b.read']);
});

it('gives the owner’s role whatever the catalogue has, and lets nobody redefine it', () => {
  const owner = Object.assign(new Role(), { name: 'owner', isOwner: true });
  expect(owner.effectivePermissions).toEqual(PERMISSION_NAMES);
  expect(() => owner.redefine('king', [])).toThrow(OwnerRoleProtected);
});

it('starts tenants with roles of which none but the owner’s may make users or roles', () => {
  expect(Object.keys(FIRST_ROLES)).toEqual(['sales', 'warehouse', 'accountant', 'viewer']);
  const given = Object.values(FIRST_ROLES).flat();
  expect(given).not.toEqual(expect.arrayContaining(['user.write']));
  expect(given).not.toEqual(expect.arrayContaining(['role.write']));
  expect(FIRST_ROLES['viewer']!.every((name) => name.endsWith('.read'))).toBe(true);
});
