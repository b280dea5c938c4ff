import { DomainEvent } from '#libs/events';
import type { EmailedTokenPurpose } from './emailed-token-purpose.js';

/** Somebody asked for a token to be mailed to an address. Names neither: who may have it is found out by the consumer. */
export class EmailedTokenRequested extends DomainEvent {
  static readonly type = 'identity.emailed_token.requested';
  readonly aggregateType = 'identity.emailed_token';

  constructor(requestId: string, purpose: EmailedTokenPurpose, at: Date) {
    super(requestId, { requestId, purpose }, at);
  }
}
