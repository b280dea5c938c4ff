import { confirmedOrder, draftOrder, orderLine } from '../testing/sales-order.builder.js';
import {
  SalesOrderLineNotFound,
  SalesOrderLineRepeated,
  SalesOrderNotCancellable,
  SalesOrderNotConfirmable,
  SalesOrderNotEditable,
  SalesOrderNotShippable,
  SalesOrderQuantityExceeded,
} from './sales-order.errors.js';

describe('confirming', () => {
  it('is possible once', () => {
    const order = draftOrder(orderLine());
    order.confirm(new Date('2026-03-02T09:00:00Z'));
    expect(order).toMatchObject({ status: 'confirmed', confirmedAt: new Date('2026-03-02T09:00:00Z') });
    expect(() => order.confirm(new Date())).toThrow(SalesOrderNotConfirmable);
    expect(() => order.requireEditable()).toThrow(SalesOrderNotEditable);
  });

  it('is refused for a cancelled draft', () => {
    const order = draftOrder(orderLine());
    order.cancel();
    expect(() => order.confirm(new Date())).toThrow(SalesOrderNotConfirmable);
  });
});

describe('cancelling', () => {
  it('takes what is not reserved first', () => {
    const line = orderLine({ reserved: 6 });
    const order = confirmedOrder(line);
    expect(order.cancel([{ lineId: line.id, quantity: 3 }])).toMatchObject([{ quantity: 3, released: 0 }]);
    expect(order.cancel([{ lineId: line.id, quantity: 3 }])).toMatchObject([{ quantity: 3, released: 2 }]);
    expect(line).toMatchObject({ cancelled: 6, reserved: 4 });
    expect(order.status).toBe('reserved');
  });

  it('leaves what was shipped', () => {
    const line = orderLine({ shipped: 4, reserved: 5 });
    const order = confirmedOrder(line);
    expect(order.cancel()).toMatchObject([{ quantity: 6, released: 5 }]);
    expect(order.status).toBe('shipped');
    expect(() => order.cancel()).toThrow(SalesOrderNotCancellable);
  });

  it('refuses more than is open, a line twice, a stranger’s line and a part of a draft', () => {
    const line = orderLine({ shipped: 8 });
    const order = confirmedOrder(line);
    const of = (quantity: number) => ({ lineId: line.id, quantity });
    expect(() => order.cancel([of(3)])).toThrow(SalesOrderQuantityExceeded);
    expect(() => order.cancel([of(1), of(1)])).toThrow(SalesOrderLineRepeated);
    expect(() => order.cancel([{ lineId: 'stranger', quantity: 1 }])).toThrow(SalesOrderLineNotFound);
    const draft = draftOrder(orderLine());
    expect(() => draft.cancel([{ lineId: draft.lines[0]!.id, quantity: 1 }])).toThrow(SalesOrderNotCancellable);
  });
});

describe('shipping', () => {
  it('ships all that is reserved, services with the last goods', () => {
    const goods = orderLine({ reserved: 6 });
    const service = orderLine({ kind: 'service', ordered: 1 });
    const order = confirmedOrder(goods, service);
    expect(order.ship().map(({ quantity }) => quantity)).toEqual([6]);
    expect(order.status).toBe('partly_shipped');
    order.recordReserved([{ lineId: goods.id, quantity: 4 }], new Date());
    expect(order.ship().map(({ quantity }) => quantity)).toEqual([4, 1]);
    expect(order.status).toBe('shipped');
  });

  it('ships services alone when they are named, or when nothing else is open', () => {
    const goods = orderLine({ reserved: 10 });
    const service = orderLine({ kind: 'service', ordered: 3 });
    const order = confirmedOrder(goods, service);
    expect(order.ship([{ lineId: service.id, quantity: 2 }])).toMatchObject([{ quantity: 2 }]);
    order.cancel([{ lineId: goods.id, quantity: 10 }]);
    expect(order.ship()).toMatchObject([{ quantity: 1 }]);
    expect(order.status).toBe('shipped');
  });

  it('keeps to the named quantity of a service that leaves with the last goods', () => {
    const goods = orderLine({ reserved: 10 });
    const service = orderLine({ kind: 'service', ordered: 3 });
    const order = confirmedOrder(goods, service);
    const named = [goods, service].map(({ id: lineId }) => ({ lineId, quantity: lineId === service.id ? 1 : 10 }));
    expect(order.ship(named).map(({ quantity }) => quantity)).toEqual([10, 1]);
    expect(order.status).toBe('partly_shipped');
  });

  it('refuses more than is reserved, and drafts', () => {
    const line = orderLine({ reserved: 4 });
    const order = confirmedOrder(line);
    expect(() => order.ship([{ lineId: line.id, quantity: 5 }])).toThrow(SalesOrderQuantityExceeded);
    expect(() => draftOrder(orderLine()).ship()).toThrow(SalesOrderNotShippable);
    expect(() => confirmedOrder(orderLine()).ship()).toThrow(SalesOrderNotShippable);
  });
});

describe('billing', () => {
  it('completes the order when what was billed is what the customer kept', () => {
    const line = orderLine({ reserved: 10 });
    const order = confirmedOrder(line);
    order.recordInvoiced([{ lineId: line.id, quantity: 10 }]);
    expect(order.status).toBe('reserved');
    order.ship();
    expect(order.status).toBe('completed');
    order.recordReturned([{ lineId: line.id, quantity: 2 }]);
    expect(order.status).toBe('shipped');
    order.recordCredited([{ lineId: line.id, quantity: 2 }]);
    expect(order.status).toBe('completed');
  });

  it('refuses to bill, credit or take back more than there was', () => {
    const line = orderLine({ shipped: 3, invoiced: 5 });
    const order = confirmedOrder(line);
    const of = (quantity: number) => [{ lineId: line.id, quantity }];
    expect(() => order.recordInvoiced(of(6))).toThrow(SalesOrderQuantityExceeded);
    expect(() => order.recordCredited(of(6))).toThrow(SalesOrderQuantityExceeded);
    expect(() => order.recordReturned(of(4))).toThrow(SalesOrderQuantityExceeded);
  });
});
