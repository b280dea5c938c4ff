import { subscription } from '#libs/events';

/** Customers are told that their order is confirmed. */
export const orderConfirmation = subscription({
  consumer: 'notifications.order-confirmation',
  queue: 'default',
  events: ['sales.order.confirmed'],
  external: true,
});
