import type { Principal } from '#libs/context';
import { PermissionDenied } from './auth.errors.js';
import { OwnershipPolicy } from './policy.js';

interface Thing {
  readonly userId: string;
}

const ours: Thing = { userId: 'ada' };
const theirs: Thing = { userId: 'bob' };
const ownerOf = ({ userId }: Thing): string => userId;
const everybodysOwn = new OwnershipPolicy<Thing>({ ownerOf });
const permitted = new OwnershipPolicy<Thing>({ ownerOf, own: 'thing.own', all: 'thing.all' });

function ada(...permissions: string[]): Principal {
  return { kind: 'user', id: 'ada', permissions: new Set(permissions) };
}
const quoin: Principal = { kind: 'system', id: 'quoin', permissions: new Set() };
const operator: Principal = { kind: 'operator', id: 'ada', permissions: new Set(['thing.own', 'thing.all']) };

it.each<[string, OwnershipPolicy<Thing>, Principal, boolean, boolean]>([
  ['whoever is signed in, where nothing more is asked', everybodysOwn, ada(), true, false],
  ['a user without any permission', permitted, ada(), false, false],
  ['a user with the permission for their own', permitted, ada('thing.own'), true, false],
  ['a user with the permission for all', permitted, ada('thing.all'), true, true],
  ['Quoin itself', permitted, quoin, true, true],
  ['an operator, of no tenant', permitted, operator, false, false],
])('%s', (_, policy, principal, reachesOwn, reachesOthers) => {
  expect([policy.allows(principal, ours), policy.allows(principal, theirs)]).toEqual([reachesOwn, reachesOthers]);
});

it('lists what can be had one by one, and nothing else', () => {
  expect(everybodysOwn.ownerToList(ada())).toBe('ada');
  expect(permitted.ownerToList(ada('thing.own'))).toBe('ada');
  expect(permitted.ownerToList(ada('thing.all', 'thing.own'))).toBeUndefined();
  expect(() => permitted.ownerToList(ada())).toThrow(PermissionDenied);
  expect(() => permitted.ownerToList(operator)).toThrow(PermissionDenied);
});

it('tells others that it is not there', () => {
  const notFound = (): Error => new RangeError('no such thing');
  expect(permitted.require(ada('thing.own'), ours, notFound)).toBe(ours);
  expect(() => permitted.require(ada('thing.own'), theirs, notFound)).toThrow(RangeError);
});
