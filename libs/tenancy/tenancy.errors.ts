import { DomainError } from '#libs/kernel';

/** No tenant has this slug, domain or id. Also the answer for a tenant whose sign-up never finished. */
export class TenantUnknown extends DomainError {
  static readonly code = 'tenant.unknown';
  static readonly kind = 'not_found';
  constructor() {
    super('No tenant goes by this name. Check X-Tenant or the host name.');
  }
}

/** The tenant exists and is not served: suspended by the landlord (requirement A6). */
export class TenantSuspended extends DomainError {
  static readonly code = 'tenant.suspended';
  static readonly kind = 'forbidden';
  constructor() {
    super('This tenant is suspended. Contact the operator of this installation.');
  }
}
