import { DomainError } from '#libs/kernel';

/** No mail of this tenant has the id. */
export class EmailMessageNotFound extends DomainError {
  static readonly code = 'notifications.email.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no e-mail ${id}.`, { id });
  }
}

/** The mail server has put the mail off too often. Spends an attempt of the delivery, which ends as a dead letter. */
export class EmailPutOffTooOften extends Error {
  constructor(id: string, attempts: number, reason: string | null) {
    super(`e-mail ${id} was put off ${attempts} times: ${reason ?? 'no reason given'}`);
  }
}
