import { DomainError } from '#libs/kernel';

/** No account of this tenant has the id. */
export class AccountNotFound extends DomainError {
  static readonly code = 'accounting.account.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no account ${id}.`, { id });
  }
}

/** Another account of this tenant has the code. */
export class AccountCodeTaken extends DomainError {
  static readonly code = 'accounting.account.code_taken';
  static readonly kind = 'conflict';
  constructor(code: string) {
    super(`There already is an account ${code}. Choose another code.`, { code });
  }
}

/** Quoin's own postings need this account. */
export class AccountInUseByRole extends DomainError {
  static readonly code = 'accounting.account.has_role';
  static readonly kind = 'conflict';
  constructor(code: string, role: string) {
    super(`Account ${code} is where Quoin posts "${role}": it cannot be closed.`, { code, role });
  }
}

/** The account takes no more entries. */
export class AccountClosed extends DomainError {
  static readonly code = 'accounting.account.closed';
  static readonly kind = 'unprocessable';
  constructor(id: string) {
    super(`Account ${id} is closed. Post to an active account or reopen it.`, { id });
  }
}

/** The account is the value of the stock: only what moves stock changes it. */
export class AccountKeptByStock extends DomainError {
  static readonly code = 'accounting.account.kept_by_stock';
  static readonly kind = 'unprocessable';
  constructor(id: string) {
    super(`Account ${id} is worth what the stock is worth. Record a stock receipt or adjustment instead.`, { id });
  }
}
