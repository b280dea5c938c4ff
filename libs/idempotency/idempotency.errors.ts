import { DomainError } from '#libs/kernel';

/**
 * The route moves money or goods and takes no request without an `Idempotency-Key`: make one (a UUID) for each thing that is to
 * happen once, and send it again with every repetition.
 */
export class IdempotencyKeyMissing extends DomainError {
  static readonly code = 'idempotency.key_required';
  static readonly kind = 'invalid';
  constructor() {
    super(
      'Send an Idempotency-Key: a new UUID for each thing that is to happen once, and the same one when you repeat the request.',
    );
  }
}

/** What `Idempotency-Key` holds is no key: 1 to 255 visible ASCII characters, in quotes or not, without quote, comma and backslash. */
export class IdempotencyKeyInvalid extends DomainError {
  static readonly code = 'idempotency.key_invalid';
  static readonly kind = 'invalid';
  constructor() {
    super(
      'Send one Idempotency-Key of 1 to 255 visible ASCII characters, without quotes inside, commas and backslashes.',
    );
  }
}

/** The key was used for another request: other path, query, `If-Match` or body. Make a new key for what is new. */
export class IdempotencyKeyReused extends DomainError {
  static readonly code = 'idempotency.key_reused';
  static readonly kind = 'unprocessable';
  constructor() {
    super('This Idempotency-Key was used for another request. Make a new key for what is new.');
  }
}

/** The first request with this key is still under way. Repeat it after `Retry-After`, with the same key. */
export class RequestInProgress extends DomainError {
  static readonly code = 'idempotency.in_progress';
  static readonly kind = 'conflict';
  constructor() {
    super('The first request with this Idempotency-Key is still under way. Repeat it after Retry-After.', {
      retryAfterS: 1,
    });
  }
}

/** The request with this key was carried out, once. Its answer was not kept: it held a secret, or was very large. */
export class AnswerNotKept extends DomainError {
  static readonly code = 'idempotency.answer_not_kept';
  static readonly kind = 'conflict';
  constructor(status: number, location: string | undefined) {
    super('The request with this Idempotency-Key was carried out. Its answer was not kept; look at what it made.', {
      status,
      ...(location !== undefined && { location }),
    });
  }
}
