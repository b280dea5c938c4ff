import { DomainError } from '#libs/kernel';

/** No customer of this tenant has the id. */
export class CustomerNotFound extends DomainError {
  static readonly code = 'customers.customer.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no customer ${id}. List them at /v1/customers.`, { id });
  }
}

/** Another customer of this tenant has the external reference already. */
export class CustomerExternalRefTaken extends DomainError {
  static readonly code = 'customers.customer.external_ref_taken';
  static readonly kind = 'conflict';
  constructor() {
    super('Another customer has this external reference already. Choose another one, or change that customer.');
  }
}
