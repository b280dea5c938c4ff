import { DomainError } from '#libs/kernel';

/** The tenant has no company row: its provisioning never committed. */
export class CompanyNotFound extends DomainError {
  static readonly code = 'company.not_found';
  static readonly kind = 'not_found';
  constructor() {
    super('This tenant has no company yet. Finish its sign-up: send the same sign-up again.');
  }
}
