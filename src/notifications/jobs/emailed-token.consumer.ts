import { z } from 'zod';
import { UnitOfWork } from '#libs/database';
import { Consumer, type DeliveredEvent, type Delivery, type EventConsumer } from '#libs/events';
import { EmailedTokenMail } from '../emailed-token/emailed-token-mail.js';
import { SendEmail } from '../emails/send-email.js';
import { emailedToken } from '../notifications.subscriptions.js';

const payload = z.object({ requestId: z.guid(), purpose: z.enum(['password_reset', 'email_verification']) });

/** Mails the token that was asked for, if anybody is to get one. */
@Consumer(emailedToken)
export class EmailedTokenConsumer implements EventConsumer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly mail: EmailedTokenMail,
    private readonly sendEmail: SendEmail,
  ) {}

  async handle(event: DeliveredEvent, delivery: Delivery): Promise<void> {
    const { requestId, purpose } = payload.parse(event.payload);
    const content = await this.mail.contentFor(requestId);
    if (content) await this.sendEmail.execute(purpose, event.id, content, delivery);
    else await this.unitOfWork.run(() => delivery.complete());
  }
}
