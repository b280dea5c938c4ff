import type { IncomingHttpHeaders } from 'node:http';

/** What a provider says became of a charge or refund. */
export type ProviderAnswer =
  /** The money has moved. */
  | {
      readonly status: 'done';
      readonly providerRef: string;
      readonly amountMinor: bigint;
      readonly currency: string;
    }
  /** It has not and never will. */
  | { readonly status: 'refused'; readonly failureCode: string; readonly providerRef: string | null }
  /** The provider is at it; it will tell by webhook, or when asked. */
  | { readonly status: 'pending'; readonly providerRef: string }
  /** Nobody here knows: the call was cut off, or failed in the middle. Ask again. */
  | { readonly status: 'unknown'; readonly reason: string };

/** To whom a webhook about this money is to be addressed. Comes back in it, signed by the provider. */
export interface ProviderMetadata {
  readonly tenantId: string;
  readonly paymentId: string;
  /** Refunds only. */
  readonly refundId?: string;
}

/** Take this much. */
export interface ChargeOrder {
  /** Ours, at most one charge each: idempotency key and reference. */
  readonly reference: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** The provider's token of a means of payment; never a card number. */
  readonly method: string;
  readonly metadata: ProviderMetadata;
}

/** Give this much of a charge back. */
export interface RefundOrder {
  /** Ours, at most one refund each: idempotency key and reference. */
  readonly reference: string;
  /** The provider's reference of the charge. */
  readonly chargeRef: string;
  readonly amountMinor: bigint;
  readonly metadata: ProviderMetadata;
}

/** A webhook as it came. */
export interface SignedWebhook {
  /** The very bytes that are signed. */
  readonly rawBody: Uint8Array;
  readonly headers: IncomingHttpHeaders;
  readonly receivedAt: Date;
}

/** What a webhook tells of something of ours. */
export interface ProviderNotice extends ProviderMetadata {
  /** The provider's id of the event, the same each time it is sent. */
  readonly eventId: string;
  readonly type: string;
  readonly answer: ProviderAnswer;
}

/**
 * A payment service outside. Whatever is asked twice under one reference is done once. Methods that call it are never
 * used inside a unit of work, and end by themselves within a bounded time.
 */
export abstract class PaymentProvider {
  /** As it stands in URLs and rows. */
  abstract readonly name: string;

  /** @throws PaymentProviderUnavailable when surely nothing was done */
  abstract charge(order: ChargeOrder, signal: AbortSignal): Promise<ProviderAnswer>;

  /** What became of the charge with this reference; null if there is none. @throws PaymentProviderUnavailable */
  abstract findCharge(reference: string, signal: AbortSignal): Promise<ProviderAnswer | null>;

  /** @throws PaymentProviderUnavailable when surely nothing was done */
  abstract refund(order: RefundOrder, signal: AbortSignal): Promise<ProviderAnswer>;

  /** What became of the refund with this reference; null if there is none. @throws PaymentProviderUnavailable */
  abstract findRefund(reference: string, signal: AbortSignal): Promise<ProviderAnswer | null>;

  /**
   * Checks that the provider sent it, just now, and reads it; null for what is not about anything of ours.
   * @throws WebhookSignatureInvalid, WebhookExpired, WebhookMalformed
   */
  abstract readWebhook(webhook: SignedWebhook): ProviderNotice | null;
}
