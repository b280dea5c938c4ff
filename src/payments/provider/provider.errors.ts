import { DomainError } from '#libs/kernel';

/** No provider of this installation has the name. */
export class PaymentProviderUnknown extends DomainError {
  static readonly code = 'payments.provider.unknown';
  static readonly kind = 'not_found';
  constructor(name: string) {
    super(`There is no payment provider "${name}".`, { provider: name });
  }
}

/** The provider cannot be reached or does not let us in; nothing was done there. Work that meets it comes back later. */
export class PaymentProviderUnavailable extends DomainError {
  static readonly code = 'payments.provider.unavailable';
  static readonly kind = 'unavailable';
  constructor(name: string, reason: string, options?: ErrorOptions) {
    super(`The payment provider ${name} is not available: ${reason}.`, { provider: name }, options);
  }
}

/** The webhook is not signed by the provider. */
export class WebhookSignatureInvalid extends DomainError {
  static readonly code = 'payments.webhook.signature_invalid';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('The signature does not belong to this body. Sign the raw bytes with the shared secret.');
  }
}

/** The webhook was signed too long ago, or in the future: it may have been recorded and played back. */
export class WebhookExpired extends DomainError {
  static readonly code = 'payments.webhook.expired';
  static readonly kind = 'unauthenticated';
  constructor(toleranceS: number) {
    super(`The signature is older than ${toleranceS} seconds, or from the future. Sign it again and resend it.`, {
      toleranceS,
    });
  }
}

/** The webhook is signed, but not what the provider's documentation promises. */
export class WebhookMalformed extends DomainError {
  static readonly code = 'payments.webhook.malformed';
  static readonly kind = 'invalid';
  constructor(options?: ErrorOptions) {
    super('The webhook does not have the form that the provider documents.', {}, options);
  }
}
