import { PermissionDenied } from './auth.errors.js';
import type { Principal } from '#libs/context';

/** How far somebody reaches among the resources of one kind. */
export type Reach = 'all' | 'own' | 'none';

/** Who may reach which resources. */
export interface OwnershipRules<R> {
  /** The user that a resource belongs to. */
  readonly ownerOf: (resource: R) => string;
  /** Permission to reach one's own; undefined: whoever is signed in does. */
  readonly own?: string;
  /** Permission to reach everybody's; undefined: nobody but Quoin itself does. */
  readonly all?: string;
}

/**
 * Decides on one resource at a time, after the permission of the route has let the caller in: whose it is counts
 * (requirement D1). The same rules narrow lists and single resources, so that nothing is listed that cannot be had, nor
 * had by its id what is not listed.
 */
export class OwnershipPolicy<R> {
  constructor(private readonly rules: OwnershipRules<R>) {}

  /** How far the principal reaches. Operators are no users of a tenant: they reach nothing in one. */
  reachOf(principal: Principal): Reach {
    const { own, all } = this.rules;
    if (principal.kind === 'system') return 'all';
    if (principal.kind !== 'user') return 'none';
    if (all !== undefined && principal.permissions.has(all)) return 'all';
    return own === undefined || principal.permissions.has(own) ? 'own' : 'none';
  }

  /** Whether the principal may have this one. */
  allows(principal: Principal, resource: R): boolean {
    const reach = this.reachOf(principal);
    return reach === 'all' || (reach === 'own' && this.rules.ownerOf(resource) === principal.id);
  }

  /** The owner to narrow a list to; undefined: everybody's are listed. @throws PermissionDenied */
  ownerToList(principal: Principal): string | undefined {
    const reach = this.reachOf(principal);
    if (reach === 'none')
      throw new PermissionDenied([this.rules.own, this.rules.all].filter((name) => name !== undefined));
    return reach === 'own' ? principal.id : undefined;
  }

  /**
   * Gives the resource back to who may have it. To others it is not there: that it exists is nobody else's business.
   *
   * @param notFound the error that an unknown id would have got
   */
  require<T extends R>(principal: Principal, resource: T, notFound: () => Error): T {
    if (!this.allows(principal, resource)) throw notFound();
    return resource;
  }
}
