import type { LineQuantities } from './line-quantities.js';
import { deriveStatus, type OrderProgress, type SalesOrderStatus } from './sales-order.status.js';

/** Ten units of goods of which nothing happened yet. */
const goods = (happened: Partial<LineQuantities> = {}): LineQuantities => ({
  kind: 'goods',
  ordered: 10,
  reserved: 0,
  shipped: 0,
  cancelled: 0,
  invoiced: 0,
  credited: 0,
  returned: 0,
  ...happened,
});
const service = (happened: Partial<LineQuantities> = {}): LineQuantities => goods({ kind: 'service', ...happened });

const draft = (...lines: LineQuantities[]): OrderProgress => ({ confirmed: false, reservationAttempted: false, lines });
const confirmed = (...lines: LineQuantities[]): OrderProgress => ({ ...draft(...lines), confirmed: true });
const attempted = (...lines: LineQuantities[]): OrderProgress => ({
  ...confirmed(...lines),
  reservationAttempted: true,
});

const CASES: readonly [string, OrderProgress, SalesOrderStatus][] = [
  ['a new order', draft(goods()), 'draft'],
  ['a draft of services', draft(service()), 'draft'],
  ['a draft cancelled whole', draft(goods({ cancelled: 10 })), 'cancelled'],
  ['confirmed, stock not yet asked for', confirmed(goods()), 'confirmed'],
  ['confirmed services alone wait for no stock', confirmed(service()), 'reserved'],
  ['stock asked for and none there', attempted(goods()), 'backordered'],
  ['a part of the stock there', attempted(goods({ reserved: 9 })), 'backordered'],
  ['one of two lines reserved', attempted(goods({ reserved: 10 }), goods({ reserved: 4 })), 'backordered'],
  ['all goods reserved', attempted(goods({ reserved: 10 }), goods({ reserved: 10 })), 'reserved'],
  ['all goods reserved, services open', attempted(goods({ reserved: 10 }), service()), 'reserved'],
  ['the backorder cancelled, the rest reserved', attempted(goods({ reserved: 6, cancelled: 4 })), 'reserved'],
  ['one line cancelled, the other reserved', attempted(goods({ cancelled: 10 }), goods({ reserved: 10 })), 'reserved'],
  ['some shipped, the rest reserved', attempted(goods({ shipped: 4, reserved: 6 })), 'partly_shipped'],
  ['some shipped, the rest a backorder', attempted(goods({ shipped: 4 })), 'partly_shipped'],
  ['one line shipped, one waiting', attempted(goods({ shipped: 10 }), goods()), 'partly_shipped'],
  ['goods shipped, services still open', attempted(goods({ shipped: 10 }), service()), 'partly_shipped'],
  ['all shipped, nothing billed', attempted(goods({ shipped: 10 })), 'shipped'],
  ['all shipped, a part billed', attempted(goods({ shipped: 10, invoiced: 9 })), 'shipped'],
  [
    'all shipped, one of two lines billed',
    attempted(goods({ shipped: 10, invoiced: 10 }), goods({ shipped: 10 })),
    'shipped',
  ],
  ['shipped and cancelled, billed for more', attempted(goods({ shipped: 6, cancelled: 4, invoiced: 10 })), 'shipped'],
  ['all shipped and billed', attempted(goods({ shipped: 10, invoiced: 10 })), 'completed'],
  ['services shipped and billed', confirmed(service({ shipped: 10, invoiced: 10 })), 'completed'],
  [
    'the cancelled part credited',
    attempted(goods({ shipped: 6, cancelled: 4, invoiced: 10, credited: 4 })),
    'completed',
  ],
  ['billed for what was not cancelled', attempted(goods({ shipped: 6, cancelled: 4, invoiced: 6 })), 'completed'],
  ['returned, not yet credited', attempted(goods({ shipped: 10, invoiced: 10, returned: 3 })), 'shipped'],
  ['returned and credited', attempted(goods({ shipped: 10, invoiced: 10, returned: 3, credited: 3 })), 'completed'],
  [
    'all returned and credited',
    attempted(goods({ shipped: 10, invoiced: 10, returned: 10, credited: 10 })),
    'completed',
  ],
  ['credited as goodwill, the goods kept', attempted(goods({ shipped: 10, invoiced: 10, credited: 3 })), 'completed'],
  [
    'goods returned and credited, their delivery credited too',
    attempted(
      goods({ shipped: 10, invoiced: 10, returned: 10, credited: 10 }),
      service({ shipped: 10, invoiced: 10, credited: 10 }),
    ),
    'completed',
  ],
  [
    'cancelled in part, credited, and some more as goodwill',
    attempted(goods({ shipped: 6, cancelled: 4, invoiced: 10, credited: 5 })),
    'completed',
  ],
  [
    'returned after goodwill, credited what was left',
    attempted(goods({ shipped: 10, invoiced: 10, returned: 10, credited: 10 })),
    'completed',
  ],
  ['billed for a part and credited', attempted(goods({ shipped: 10, invoiced: 9, credited: 9 })), 'shipped'],
  ['all cancelled', attempted(goods({ cancelled: 10 }), service({ cancelled: 10 })), 'cancelled'],
  ['all cancelled after billing, credit to come', attempted(goods({ cancelled: 10, invoiced: 10 })), 'cancelled'],
  ['goods cancelled, services open', attempted(goods({ cancelled: 10 }), service()), 'reserved'],
  ['billed before stock was found', attempted(goods({ invoiced: 10 })), 'backordered'],
];

it.each(CASES)('%s', (_case, progress, status) => {
  expect(deriveStatus(progress)).toBe(status);
});
