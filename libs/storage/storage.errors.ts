import { DomainError } from '#libs/kernel';

/** The object storage did not do what was asked, in spite of retries. Nothing is known about a write. */
export class StorageUnavailable extends DomainError {
  static readonly code = 'storage.unavailable';
  static readonly kind = 'unavailable';

  constructor(cause: unknown) {
    super('The object storage is not available', {}, { cause });
  }
}

/** No object has this key. */
export class StoredObjectNotFound extends DomainError {
  static readonly code = 'storage.object_not_found';
  static readonly kind = 'not_found';

  constructor() {
    super('The file does not exist');
  }
}

/** More bytes than an object may have here. */
export class ObjectTooLarge extends DomainError {
  static readonly code = 'storage.object_too_large';
  static readonly kind = 'unprocessable';

  constructor(bytes: number, bytesMax: number) {
    super(`The file has ${bytes} bytes; at most ${bytesMax} are kept`, { bytes, bytesMax });
  }
}

/** A part of a key that could leave its folder or mean two things. */
export class InvalidStorageKey extends DomainError {
  static readonly code = 'storage.key_invalid';
  static readonly kind = 'invalid';

  constructor(part: string) {
    super('A part of a storage key is 1 to 128 of A-Z a-z 0-9 . _ - and begins with a letter or digit', {
      part: part.slice(0, 128),
    });
  }
}

/** A key outside the current tenant's folder. Whose it is, if anyone's, is not told. */
export class StorageKeyRefused extends DomainError {
  static readonly code = 'storage.key_refused';
  static readonly kind = 'forbidden';

  constructor() {
    super('The file does not belong to this tenant');
  }
}
