import { DomainError } from '#libs/kernel';

/** Its sign-up is not finished: there is nothing yet that could be suspended, resumed or moved. */
export class TenantNotOpen extends DomainError {
  static readonly code = 'tenant.not_open';
  static readonly kind = 'conflict';
  constructor(slug: string) {
    super(`The sign-up of ${slug} is not finished yet.`, { slug });
  }
}
