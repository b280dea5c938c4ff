import { Controller, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, OwnUnitsOfWork, Public, Refuses, Unlimited, WithoutTenant } from '#libs/http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MovementContradicted, MovementMismatch } from '../../movements/movement.errors.js';
import {
  PaymentProviderUnknown,
  WebhookExpired,
  WebhookMalformed,
  WebhookSignatureInvalid,
} from '../../provider/provider.errors.js';
import { ReceiveWebhook } from '../receive-webhook.js';

const providerName = z.string().min(1).max(40).describe('Name of the payment provider');

/** Where payment providers tell what happened. */
@ApiTags('Webhooks')
@Controller({ path: 'webhooks/payments', version: '1' })
export class PaymentWebhooksController {
  constructor(private readonly receiveWebhook: ReceiveWebhook) {}

  /**
   * Takes an event of a payment provider, which has signed it. Any number of times and in any order: it works once.
   * Not limited: all tenants' events come from one address, and a signature costs less to check than a limit.
   */
  @Post(':provider')
  @Public()
  @WithoutTenant()
  @Unlimited()
  @OwnUnitsOfWork(
    'the tenant stands in what is signed',
    'The event’s own id is its key: sent again, it is answered the same and changes nothing.',
  )
  @Answers(204)
  @Refuses(
    PaymentProviderUnknown,
    WebhookSignatureInvalid,
    WebhookExpired,
    WebhookMalformed,
    MovementMismatch,
    MovementContradicted,
  )
  async receive(@Param('provider', { schema: providerName }) provider: string, @Req() request: FastifyRequest) {
    const rawBody = request.rawBody ?? Buffer.alloc(0);
    await this.receiveWebhook.execute({ provider, rawBody, headers: request.headers });
  }
}
