import { DomainError } from '#libs/kernel';

/** There is no such key, or it is somebody else's. */
export class ApiKeyNotFound extends DomainError {
  static readonly code = 'api_key.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no API key ${id}. List the keys to find the right one.`, { id });
  }
}

/** The user has as many keys as anybody may have. */
export class TooManyApiKeys extends DomainError {
  static readonly code = 'api_key.too_many';
  static readonly kind = 'conflict';
  constructor(max: number) {
    super(`Nobody has more than ${max} API keys at a time. Revoke one that is not used any more.`, { max });
  }
}

/** The API key is unknown, revoked or over, or its user is disabled. */
export class ApiKeyRefused extends DomainError {
  static readonly code = 'auth.api_key_refused';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('This API key is not valid any more.');
  }
}

/** More keys that nobody knows came from one address than are looked up in a minute. */
export class TooManyUnknownKeys extends DomainError {
  static readonly code = 'api_key.too_many_unknown';
  static readonly kind = 'too_many_requests';
  constructor(retryAfterS: number) {
    super('Too many API keys from this address are unknown.', { retryAfterS });
  }
}
