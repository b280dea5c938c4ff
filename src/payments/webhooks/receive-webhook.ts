import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#libs/kernel';
import { inTenant, TenantDirectory, TenantUnknown } from '#libs/tenancy';
import { PaymentNotFound } from '../payments/payment.errors.js';
import type { ProviderNotice } from '../provider/payment-provider.js';
import { PaymentProviders } from '../provider/payment-providers.js';
import { RefundNotFound } from '../refunds/refund.errors.js';
import { RecordProviderNotice } from './record-provider-notice.js';

/** A webhook of a provider, as it came. */
export interface IncomingWebhook {
  /** As named in the URL. */
  readonly provider: string;
  readonly rawBody: Uint8Array;
  readonly headers: IncomingHttpHeaders;
}

/** Takes a webhook: checks who signed it, finds the tenant in what is signed, and does what it tells there. */
@Injectable()
export class ReceiveWebhook {
  private readonly logger = new Logger(ReceiveWebhook.name);

  constructor(
    private readonly clock: Clock,
    private readonly providers: PaymentProviders,
    private readonly tenants: TenantDirectory,
    private readonly recordNotice: RecordProviderNotice,
  ) {}

  /**
   * What is signed but about nobody we know is logged and taken: sending it again would help nobody.
   * @throws PaymentProviderUnknown, WebhookSignatureInvalid, WebhookExpired, WebhookMalformed, MovementMismatch,
   * MovementContradicted
   */
  async execute({ provider: name, rawBody, headers }: IncomingWebhook): Promise<void> {
    const provider = this.providers.get(name);
    const notice = provider.readWebhook({ rawBody, headers, receivedAt: this.clock.now() });
    if (!notice) return this.logger.warn(`a webhook of ${name} is about nothing of ours`);
    try {
      const tenant = await this.tenants.byId(notice.tenantId);
      await inTenant(tenant, () => this.recordNotice.execute(name, notice));
    } catch (error) {
      if (!isAboutNobody(error)) throw error;
      this.logger.error(describe(name, notice, error));
    }
  }
}

function isAboutNobody(error: unknown): error is Error {
  return error instanceof TenantUnknown || error instanceof PaymentNotFound || error instanceof RefundNotFound;
}

function describe(name: string, { eventId, type, tenantId, paymentId }: ProviderNotice, error: Error): string {
  return `webhook ${eventId} (${type}) of ${name} for payment ${paymentId} of tenant ${tenantId}: ${error.message}`;
}
