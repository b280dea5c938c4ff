import { Injectable } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { PasswordTooShort } from '#erp/tenants';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import { ContextModule, type Principal, type TenantIdentity } from '#libs/context';
import { DatabaseModule, UnitOfWork } from '#libs/database';
import { PreconditionFailed } from '#libs/http';
import { EventsModule } from '#libs/events';
import { inTenant, TenancyModule } from '#libs/tenancy';
import { AddRole } from '../roles/add-role.js';
import { ChangeRole } from '../roles/change-role.js';
import { RemoveRole } from '../roles/remove-role.js';
import {
  OwnerRoleProtected,
  PermissionEscalation,
  PermissionUnknown,
  RoleInUse,
  RoleNameTaken,
  RoleNotFound,
} from '../roles/role.errors.js';
import { RoleQueries } from '../roles/role.queries.js';
import { Roles } from '../roles/roles.repository.js';
import { SessionsModule } from '../sessions.module.js';
import { IdentityStage, PASSWORD, principalOf, roleIds, signIn, signUp } from '../testing/index.js';
import { AddUser, type NewUser } from './add-user.js';
import { ChangeUser, type UserChange } from './change-user.js';
import { EmailTaken, LastOwner, UserNotFound } from './user.errors.js';
import { UserQueries, type UserView } from './user.queries.js';

const NOBODY = '0190f3a0-0000-7000-8000-000000000000';

let stage: IdentityStage;
let node: TestingModule;
let tenant: TenantIdentity;
let ada: Principal;
let roles: Record<string, string>;

beforeAll(async () => {
  stage = await IdentityStage.open();
  node = await stage.node();
});

afterAll(() => stage.close());

beforeEach(async () => {
  tenant = await signUp(node);
  ada = await principalOf(node, tenant, await signIn(node, tenant));
  roles = await roleIds(stage, tenant);
});

const as = <T>(who: Principal, work: () => Promise<T>): Promise<T> => inTenant(tenant, work, who);

function person(overrides: Partial<NewUser> = {}): NewUser {
  return { email: 'bob@acme.example', name: 'Bob', password: PASSWORD, roleIds: [], ...overrides };
}

const add = (overrides: Partial<NewUser> = {}, who = ada): Promise<UserView> =>
  as(who, () => node.get(AddUser).execute(person(overrides)));

const change = (id: string, what: UserChange, who = ada, version?: number): Promise<UserView> =>
  as(who, () => node.get(ChangeUser).execute(id, what, version));

/** Somebody with a role of exactly these permissions, and who may do what the role says. */
async function somebodyWith(...permissions: string[]): Promise<Principal> {
  const role = await as(ada, () => node.get(AddRole).execute({ name: permissions.join('+'), permissions }));
  const email = `user-${role.id}@acme.example`;
  await add({ email, roleIds: [role.id] });
  return principalOf(node, tenant, await signIn(node, tenant, email));
}

describe('a user', () => {
  it('is added with roles and shown without the password', async () => {
    const bob = await add({ roleIds: [roles['sales']!, roles['viewer']!] });
    expect(await as(ada, () => node.get(UserQueries).get(bob.id))).toEqual(bob);
    expect(bob).toMatchObject({ email: 'bob@acme.example', status: 'active', version: 1 });
    expect(bob.roles.map((role) => role.name)).toEqual(['sales', 'viewer']);
    expect(JSON.stringify(bob)).not.toMatch(/argon2|hash/i);
  });

  it('has an address that no other user of the tenant has, whatever its case', async () => {
    await add();
    await expect(add({ email: 'BOB@acme.example' })).rejects.toBeInstanceOf(EmailTaken);
    const cleo = await add({ email: 'cleo@acme.example' });
    await expect(change(cleo.id, { email: 'Bob@Acme.Example' })).rejects.toBeInstanceOf(EmailTaken);
  });

  it('may have the address of a user of another tenant', async () => {
    await add();
    const other = await signUp(node, { admin: { email: 'bob@acme.example', name: 'Bob', password: PASSWORD } });
    await expect(signIn(node, other, 'bob@acme.example')).resolves.toBeDefined();
  });

  it('is added once by two who do it at once', async () => {
    const outcomes = await Promise.allSettled([add(), add()]);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toBeInstanceOf(EmailTaken);
  });

  it('is changed only at the version that was seen', async () => {
    const bob = await add();
    const renamed = await change(bob.id, { name: 'Robert' }, ada, 1);
    expect(renamed).toMatchObject({ name: 'Robert', email: bob.email, version: 2 });
    await expect(change(bob.id, { name: 'Bobby' }, ada, 1)).rejects.toBeInstanceOf(PreconditionFailed);
  });

  it('gets exactly the roles that are named', async () => {
    const bob = await add({ roleIds: [roles['sales']!, roles['viewer']!] });
    const changed = await change(bob.id, { roleIds: [roles['viewer']!, roles['warehouse']!] });
    expect(changed.roles.map((role) => role.name).toSorted()).toEqual(['viewer', 'warehouse']);
    expect(await as(ada, () => node.get(UserQueries).get(bob.id))).toMatchObject({ roles: changed.roles });
  });

  it.each([
    [PasswordTooShort, { password: 'elevenchars' }],
    [RoleNotFound, { roleIds: [NOBODY] }],
  ])('is refused with %p', async (error, wrong) => {
    await expect(add(wrong)).rejects.toBeInstanceOf(error);
  });

  it('of another tenant does not exist here', async () => {
    const bob = await add();
    tenant = await signUp(node);
    await expect(change(bob.id, { name: 'Eve' })).rejects.toBeInstanceOf(UserNotFound);
    await expect(as(ada, () => node.get(UserQueries).get(bob.id))).rejects.toBeInstanceOf(UserNotFound);
  });

  it('is listed in pages, each once', async () => {
    for (let i = 0; i < 4; i++) await add({ email: `user${i}@acme.example`, roleIds: [roles['viewer']!] });
    const queries = node.get(UserQueries);
    const first = await as(ada, () => queries.page({ limit: 3 }));
    const second = await as(ada, () => queries.page({ limit: 3, cursor: first.nextCursor! }));
    expect([...first.items, ...second.items].map((user) => user.email)).toEqual([
      ...[3, 2, 1, 0].map((i) => `user${i}@acme.example`),
      'ada@acme.example',
    ]);
    expect(second.nextCursor).toBeNull();
    expect(first.items[0]?.roles).toEqual([{ id: roles['viewer'], name: 'viewer' }]);
  });
});

describe('the last owner', () => {
  it.each<[string, () => UserChange]>([
    ['disabled', () => ({ status: 'disabled' })],
    ['made something else', () => ({ roleIds: [roles['viewer']!] })],
  ])('cannot be %s, not even by themselves', async (_, what) => {
    await expect(change(ada.id, what())).rejects.toBeInstanceOf(LastOwner);
    expect(await as(ada, () => node.get(UserQueries).get(ada.id))).toMatchObject({
      status: 'active',
      roles: [{ name: 'owner' }],
    });
  });

  it('is not last once there is another', async () => {
    await add({ roleIds: [roles['owner']!] });
    await expect(change(ada.id, { roleIds: [] })).resolves.toMatchObject({ roles: [] });
  });

  it('stays when two owners disable each other at once', async () => {
    const bob = await add({ roleIds: [roles['owner']!] });
    expect(await disableBoth(node, ada.id, bob.id)).toBe(1);
  });

  it('mutation: without the lock, two owners are rid of each other', async () => {
    @Injectable()
    class UnlockedRoles extends Roles {
      override async lockOwners(): Promise<void> {
        await Promise.resolve();
      }
      override async countActiveOwners(): Promise<number> {
        const owners = await super.countActiveOwners();
        await bothHere();
        return owners;
      }
    }
    const { options } = stage.database;
    const imports = [ConfigModule.forRoot(testConfig(stage.env)), ContextModule, DatabaseModule.forRoot(options)];
    const unlocked = await (
      await Test.createTestingModule({ imports: [...imports, TenancyModule, EventsModule.forRoot(), SessionsModule] })
        .overrideProvider(Roles)
        .useFactory({ inject: [UnitOfWork], factory: (unitOfWork: UnitOfWork) => new UnlockedRoles(unitOfWork) })
        .compile()
    ).init();
    const bob = await add({ roleIds: [roles['owner']!] });
    const bothHere = meetingOfTwo();
    const disabled = await disableBoth(unlocked, ada.id, bob.id);
    await unlocked.close();
    expect(disabled).toBe(2);
  });
});

describe('nobody gives more than they have', () => {
  it('by adding a user', async () => {
    const clerk = await somebodyWith('user.write', 'catalog.read');
    await expect(add({ roleIds: [roles['owner']!] }, clerk)).rejects.toBeInstanceOf(PermissionEscalation);
    await expect(add({}, clerk)).resolves.toMatchObject({ roles: [] });
  });

  it('by changing their own roles', async () => {
    const clerk = await somebodyWith('user.write');
    await expect(change(clerk.id, { roleIds: [roles['owner']!] }, clerk)).rejects.toBeInstanceOf(PermissionEscalation);
  });

  it.each<[string, UserChange]>([
    ['password', { password: 'a password of mine' }],
    ['address', { email: 'eve@evil.example' }],
    ['roles', { roleIds: [] }],
    ['status', { status: 'disabled' }],
  ])('by taking over somebody who has more: %s', async (_, what) => {
    const clerk = await somebodyWith('user.write');
    await expect(change(ada.id, what, clerk)).rejects.toBeInstanceOf(PermissionEscalation);
  });

  it('by making or changing a role', async () => {
    const clerk = await somebodyWith('role.write', 'catalog.read');
    const wide = { name: 'wide', permissions: ['catalog.read', 'payment.refund'] };
    await expect(as(clerk, () => node.get(AddRole).execute(wide))).rejects.toBeInstanceOf(PermissionEscalation);
    const own = await as(clerk, () => node.get(AddRole).execute({ name: 'own', permissions: ['catalog.read'] }));
    for (const id of [own.id, roles['accountant']!]) {
      const attempt = as(clerk, () => node.get(ChangeRole).execute(id, { ...wide, name: 'own' }, undefined));
      await expect(attempt).rejects.toBeInstanceOf(PermissionEscalation);
    }
    const remove = as(clerk, () => node.get(RemoveRole).execute(roles['accountant']!, undefined));
    await expect(remove).rejects.toBeInstanceOf(PermissionEscalation);
  });
});

describe('a role', () => {
  const addRole = (name: string, permissions: string[] = []) =>
    as(ada, () => node.get(AddRole).execute({ name, permissions }));

  it('has a name that no other role of the tenant has, and permissions of the catalogue', async () => {
    await expect(addRole('Sales')).rejects.toBeInstanceOf(RoleNameTaken);
    await expect(addRole('counter', ['till.open'])).rejects.toBeInstanceOf(PermissionUnknown);
    const role = await addRole('counter', ['catalog.read']);
    expect(await as(ada, () => node.get(RoleQueries).get(role.id))).toEqual(role);
  });

  it('is changed at the version that was seen, and removed when nobody has it', async () => {
    const role = await addRole('counter');
    const definition = { name: 'till', permissions: ['catalog.read'] };
    const changed = await as(ada, () => node.get(ChangeRole).execute(role.id, definition, 1));
    expect(changed).toMatchObject({ ...definition, version: 2 });
    const stale = as(ada, () => node.get(ChangeRole).execute(role.id, definition, 1));
    await expect(stale).rejects.toBeInstanceOf(PreconditionFailed);
    const bob = await add({ roleIds: [role.id] });
    const remove = () => as(ada, () => node.get(RemoveRole).execute(role.id, undefined));
    await expect(remove()).rejects.toBeInstanceOf(RoleInUse);
    await change(bob.id, { roleIds: [] });
    await remove();
    await expect(as(ada, () => node.get(RoleQueries).get(role.id))).rejects.toBeInstanceOf(RoleNotFound);
  });

  it('of the owner cannot be changed or removed', async () => {
    const owner = roles['owner']!;
    const redefine = as(ada, () => node.get(ChangeRole).execute(owner, { name: 'owner', permissions: [] }, undefined));
    await expect(redefine).rejects.toBeInstanceOf(OwnerRoleProtected);
    const remove = as(ada, () => node.get(RemoveRole).execute(owner, undefined));
    await expect(remove).rejects.toBeInstanceOf(OwnerRoleProtected);
  });
});

/** Two owners disable each other at once; how many were disabled. */
async function disableBoth(on: TestingModule, ...ids: string[]): Promise<number> {
  const disable = (id: string) => as(ada, () => on.get(ChangeUser).execute(id, { status: 'disabled' }, undefined));
  const outcomes = await Promise.allSettled(ids.map(disable));
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(LastOwner);
  return outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
}

function meetingOfTwo(): () => Promise<void> {
  let waiting: (() => void) | undefined;
  return () =>
    new Promise((resolve) => {
      if (!waiting) {
        waiting = resolve;
        return;
      }
      waiting();
      waiting = undefined;
      resolve();
    });
}
