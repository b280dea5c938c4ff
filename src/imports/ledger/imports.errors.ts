import { DomainError } from '#libs/kernel';

/** No imported document of this tenant has the id. */
export class ImportedDocumentNotFound extends DomainError {
  static readonly code = 'imports.document.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no imported document ${id}.`, { id });
  }
}

/** The file is not in the form that was promised. */
export class ImportFileUnreadable extends DomainError {
  static readonly code = 'imports.file.unreadable';
  static readonly kind = 'invalid';
  constructor(reason: string) {
    super(`The file cannot be imported: ${reason}.`);
  }
}
