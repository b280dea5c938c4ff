import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { EmailMessage } from './email-message.entity.js';
import { EmailMessageNotFound } from './email.errors.js';

/** The only place that reads and writes mails. */
@Injectable()
export class EmailMessagesRepository extends TenantRepository<EmailMessage> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, EmailMessage, EmailMessageNotFound);
  }

  /** The mail of this kind that the event has caused already. */
  async ofEvent(kind: string, eventId: string): Promise<EmailMessage | null> {
    return this.findOne({ kind, eventId });
  }
}
