import { DomainError } from '#libs/kernel';

/** The tenant has no such identity provider, or not one that is enabled. */
export class IdentityProviderNotFound extends DomainError {
  static readonly code = 'identity_provider.not_found';
  static readonly kind = 'not_found';
  constructor(name: string) {
    super('There is no such identity provider.', { name });
  }
}

/** Another provider of the tenant has the slug. */
export class IdentityProviderSlugTaken extends DomainError {
  static readonly code = 'identity_provider.slug_taken';
  static readonly kind = 'conflict';
  constructor(slug: string) {
    super('Another identity provider has this slug. Use another one.', { slug });
  }
}

/** The provider does not answer, or not like one: its address, its client or its server is wrong. */
export class IdentityProviderUnavailable extends DomainError {
  static readonly code = 'identity_provider.unavailable';
  static readonly kind = 'unavailable';
  constructor(options?: ErrorOptions) {
    super('The identity provider cannot be used right now. Try again, or sign in another way.', {}, options);
  }
}

/** The ticket is unknown, used, too old, or somebody else's. */
export class AuthorizationUnknown extends DomainError {
  static readonly code = 'auth.oidc_authorization_unknown';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('This sign-in was finished already or took too long. Begin again.');
  }
}

/** What the provider sent back proves nothing: wrong state, nonce, code, signature, audience or time, or a refusal. */
export class AuthorizationRefused extends DomainError {
  static readonly code = 'auth.oidc_refused';
  static readonly kind = 'unauthenticated';
  constructor(options?: ErrorOptions) {
    super('The identity provider’s answer was not accepted. Begin again.', {}, options);
  }
}

/** The person is known to the provider, and nobody here. */
export class IdentityNotLinked extends DomainError {
  static readonly code = 'auth.oidc_not_linked';
  static readonly kind = 'forbidden';
  constructor() {
    super('No user is linked to this identity. Sign in another way and link it, or ask somebody to add you.');
  }
}

/** Somebody of this tenant has the identity already. */
export class IdentityLinkedAlready extends DomainError {
  static readonly code = 'linked_identity.taken';
  static readonly kind = 'conflict';
  constructor() {
    super('This identity is linked to a user already.');
  }
}

/** The caller has no such linked identity. */
export class LinkedIdentityNotFound extends DomainError {
  static readonly code = 'linked_identity.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`You have no linked identity ${id}.`, { id });
  }
}
