import { subscription } from '#libs/events';

/** Reserves stock for confirmed orders, also when the confirmation could not do it at once. */
export const stockReservation = subscription({
  consumer: 'inventory.stock-reservation',
  queue: 'high',
  events: ['sales.order.confirmed'],
});
