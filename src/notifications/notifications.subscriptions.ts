import { EmailedTokenRequested } from '#erp/identity';
import { subscription } from '#libs/events';

/** Customers are told that their order is confirmed. */
export const orderConfirmation = subscription({
  consumer: 'notifications.order-confirmation',
  queue: 'default',
  events: ['sales.order.confirmed'],
  external: true,
});

/** People get the links that they (or somebody in their name) asked for: to set a password, to verify an address. */
export const emailedToken = subscription({
  consumer: 'notifications.emailed-token',
  queue: 'high',
  events: [EmailedTokenRequested.type],
  external: true,
});
