import { subscription } from '#libs/events';

/** What is to be paid or paid back goes to the provider. */
export const providerCalls = subscription({
  consumer: 'payments.provider',
  queue: 'financial',
  events: ['payments.payment.requested', 'payments.refund.requested'],
  external: true,
});
