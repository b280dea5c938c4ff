import { DomainError } from '#libs/kernel';

/** The address is none that this installation sends requests to. Does not say what it resolved to. */
export class AddressRefused extends DomainError {
  static readonly code = 'egress.address_refused';
  static readonly kind = 'unprocessable';
  constructor(options?: ErrorOptions) {
    super('Use an https address on the public internet, without a user name in it.', {}, options);
  }
}

/** The other side did not answer, too slowly, or with too much. For the log: the reason may tell of our network. */
export class EgressFailed extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'EgressFailed';
  }
}
