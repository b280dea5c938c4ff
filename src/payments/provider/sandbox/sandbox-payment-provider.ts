import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { isUuid } from '#libs/kernel';
import type { z } from 'zod';
import {
  type ChargeOrder,
  PaymentProvider,
  type ProviderAnswer,
  type ProviderNotice,
  type RefundOrder,
  type SignedWebhook,
} from '../payment-provider.js';
import { WebhookMalformed } from '../provider.errors.js';
import { SandboxClient, type SandboxReply } from './sandbox-client.js';
import {
  answerOfCharge,
  answerOfRefund,
  chargeObject,
  listOf,
  refundObject,
  webhookObject,
} from './sandbox-objects.js';
import { verifySignature } from './sandbox-signature.js';

/** Injection token: how long one call to a provider may take, milliseconds. */
export const PROVIDER_TIMEOUT_MS = Symbol('PROVIDER_TIMEOUT_MS');

/** The payments sandbox (tools/payments-sandbox): a provider on a server of its own, without real money. */
@Injectable()
export class SandboxPaymentProvider extends PaymentProvider {
  readonly name = 'sandbox';
  private readonly client: SandboxClient;
  private readonly webhookSecret: string;

  constructor(config: AppConfig, @Inject(PROVIDER_TIMEOUT_MS) timeoutMs: number) {
    super();
    const { url, apiKey, webhookSecret } = config.payments.sandbox;
    this.client = new SandboxClient({ url, apiKey, timeoutMs });
    this.webhookSecret = webhookSecret;
  }

  override async charge(order: ChargeOrder, signal: AbortSignal): Promise<ProviderAnswer> {
    const { reference, currency, method: paymentMethod, metadata } = order;
    const body = { amount: Number(order.amountMinor), currency, paymentMethod, capture: true, reference, metadata };
    return answer(await this.client.post('/v1/charges', reference, body, chargeObject, signal), answerOfCharge);
  }

  override async findCharge(reference: string, signal: AbortSignal): Promise<ProviderAnswer | null> {
    const path = `/v1/charges?reference=${encodeURIComponent(reference)}`;
    return found(await this.client.get(path, listOf(chargeObject), signal), answerOfCharge);
  }

  override async refund(order: RefundOrder, signal: AbortSignal): Promise<ProviderAnswer> {
    const { reference, metadata } = order;
    const path = `/v1/charges/${encodeURIComponent(order.chargeRef)}/refunds`;
    const body = { amount: Number(order.amountMinor), reference, metadata };
    return answer(await this.client.post(path, reference, body, refundObject, signal), answerOfRefund);
  }

  override async findRefund(reference: string, signal: AbortSignal): Promise<ProviderAnswer | null> {
    const path = `/v1/refunds?reference=${encodeURIComponent(reference)}`;
    return found(await this.client.get(path, listOf(refundObject), signal), answerOfRefund);
  }

  override readWebhook({ rawBody, headers, receivedAt }: SignedWebhook): ProviderNotice | null {
    verifySignature(headers['quoin-signature'], rawBody, this.webhookSecret, receivedAt);
    const webhook = parsed(webhookObject, jsonOf(rawBody));
    const [kind] = webhook.type.split('.');
    const read = kind === 'charge' ? readCharge : kind === 'refund' ? readRefund : null;
    if (!read) return null;
    const { metadata, answer } = read(webhook.data.object);
    const { tenantId = '', paymentId = '', refundId } = metadata;
    const ids = kind === 'refund' ? [tenantId, paymentId, refundId ?? ''] : [tenantId, paymentId];
    if (!ids.every(isUuid)) return null;
    const subject = kind === 'refund' && refundId !== undefined ? { paymentId, refundId } : { paymentId };
    return { eventId: webhook.id, type: webhook.type, tenantId, ...subject, answer };
  }
}

function readCharge(object: unknown) {
  const charge = parsed(chargeObject, object);
  return { metadata: charge.metadata, answer: answerOfCharge(charge) };
}

function readRefund(object: unknown) {
  const refund = parsed(refundObject, object);
  return { metadata: refund.metadata, answer: answerOfRefund(refund) };
}

function answer<T>(reply: SandboxReply<T>, read: (body: T) => ProviderAnswer): ProviderAnswer {
  if (reply.kind === 'answered') return read(reply.body);
  if (reply.kind === 'refused') return { status: 'refused', failureCode: reply.code, providerRef: null };
  return { status: 'unknown', reason: reply.reason };
}

/** Of several under one reference, which there should never be, the one that moved money. */
function found<T>(reply: SandboxReply<{ items: T[] }>, read: (item: T) => ProviderAnswer): ProviderAnswer | null {
  if (reply.kind !== 'answered')
    return { status: 'unknown', reason: reply.kind === 'refused' ? reply.code : reply.reason };
  const answers = reply.body.items.map(read);
  return answers.find(({ status }) => status === 'done') ?? answers[0] ?? null;
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new WebhookMalformed({ cause: result.error });
  return result.data;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new WebhookMalformed({ cause: error });
  }
}
