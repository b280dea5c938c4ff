import { Injectable } from '@nestjs/common';
import { currentContext } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { Delivery } from '#libs/events';
import { Clock } from '#libs/kernel';
import { Mailer, type MailOutcome } from '#libs/mail';
import { EmailMessage } from './email-message.entity.js';
import { EmailPutOffTooOften } from './email.errors.js';
import { EmailMessagesRepository } from './email-messages.repository.js';

/** What one mail says. */
export interface EmailContent {
  readonly to: { readonly name: string; readonly address: string };
  readonly fromName: string;
  readonly replyTo?: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** About five hours of a mail server that is away; then the delivery spends its attempts. */
const PUT_OFFS_MAX = 65;
const WAIT_MAX_MS = 300_000;

/**
 * Sends one mail because of one event, once. Written down before it leaves and after; sent again only when nobody can
 * know whether it arrived, or the server surely did not take it, and always under the same Message-ID.
 */
@Injectable()
export class SendEmail {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly messages: EmailMessagesRepository,
    private readonly mailer: Mailer,
  ) {}

  /** Completes or defers the delivery. @throws EmailPutOffTooOften */
  async execute(kind: string, eventId: string, content: EmailContent, delivery: Delivery): Promise<void> {
    const message = await this.begin(kind, eventId, content, delivery);
    if (!message) return;
    const outcome = await this.mailer.send({
      id: message.id,
      to: content.to,
      fromName: content.fromName,
      ...(content.replyTo && { replyTo: { address: content.replyTo } }),
      subject: content.subject,
      text: content.text,
      html: content.html,
      headers: { 'X-Correlation-Id': currentContext()?.correlationId ?? 'none' },
    });
    await this.conclude(message, outcome, delivery);
  }

  /** Writes down that the mail is about to leave; null when it is settled already. */
  private async begin(
    kind: string,
    eventId: string,
    { to, subject }: EmailContent,
    delivery: Delivery,
  ): Promise<EmailMessage | null> {
    return this.unitOfWork.run(async () => {
      const known = await this.messages.ofEvent(kind, eventId);
      if (known?.isSettled) {
        await delivery.complete();
        return null;
      }
      const message = known ?? Object.assign(new EmailMessage(), { kind, eventId, toAddress: to.address, subject });
      if (known) message.resume();
      await this.messages.save(message);
      return message;
    });
  }

  private async conclude(message: EmailMessage, outcome: MailOutcome, delivery: Delivery): Promise<void> {
    await this.unitOfWork.run(async () => {
      message.status = outcome.result === 'accepted' ? 'sent' : outcome.result;
      message.sentAt = outcome.result === 'accepted' ? this.clock.now() : null;
      message.lastReason = outcome.result === 'accepted' ? null : outcome.reason;
      await this.messages.update(message);
      if (message.isSettled) await delivery.complete();
      else if (message.attempts < PUT_OFFS_MAX) await delivery.defer(waitMs(message.attempts));
    });
    if (!message.isSettled && message.attempts >= PUT_OFFS_MAX) {
      throw new EmailPutOffTooOften(message.id, message.attempts, message.lastReason);
    }
  }
}

function waitMs(attempts: number): number {
  return Math.min(1_000 * 2 ** (attempts - 1), WAIT_MAX_MS);
}
