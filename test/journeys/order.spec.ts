import { firstMailTo, mailsTo } from '../support/mailbox.js';
import { eventually } from '../support/eventually.js';
import { ISOLATIONS } from '../support/isolations.js';
import { RunningSystem } from '../support/running-system.js';
import { ACCOUNTS, type Id, type Order, type PageOf, Trader } from '../support/trader.js';

let system: RunningSystem;
let trader: Trader;
let warehouse: Id;

beforeAll(async () => {
  system = await RunningSystem.start();
});

afterAll(() => system?.stop());

describe.each(ISOLATIONS)('with tenants that are kept apart by %s', (isolation) => {
  beforeAll(async () => {
    trader = await Trader.signUp(system, isolation);
    warehouse = await trader.warehouse('MAIN');
  });

  it('takes an order from the shelf to the books, the customer’s mailbox and a PDF', async () => {
    const email = `buyer@${trader.slug}.example`;
    const customer = await trader.customer('Bolt & Sons', email);
    const lamp = await trader.product('LAMP', '2.55');
    const shade = await trader.product('SHADE', '10.005');
    await trader.receive(warehouse, lamp, 100, '1.00');
    await trader.receive(warehouse, shade, 7, '4.00');

    const order = await trader.order(customer, warehouse, [
      [lamp, 10],
      [shade, 3],
    ]);
    // 25.50 + 30.015, half to even per line: 55.52; tax 11.104.
    expect(order).toMatchObject({ status: 'reserved', total: { amount: '66.62', currency: 'GBP' } });
    expect(order.number).toMatch(/^SO-\d{4}-000001$/);
    expect(await trader.levelOf(lamp)).toMatchObject({ onHand: 100, reserved: 10, available: 90 });

    const invoice = await trader.invoiceOf(order);
    expect(invoice).toMatchObject({
      number: expect.stringMatching(/^INV-\d{4}-000001$/),
      net: { amount: '55.52' },
      tax: { amount: '11.10' },
      total: { amount: '66.62' },
    });
    const mail = await firstMailTo(email);
    expect(mail.subject).toContain(order.number);
    expect(mail.text).toContain('66.62');
    expect(mail.html).toContain('66.62');

    const pdf = await download(invoice.id);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(5_000);

    await trader.post(`/v1/sales-orders/${order.id}/shipments`, {});
    expect((await trader.orderNow(order)).status).toBe('completed');
    expect(await trader.levelOf(lamp)).toMatchObject({ onHand: 90, reserved: 0, available: 90 });
    await trader.untilBalances({
      [ACCOUNTS.receivable]: '66.62',
      [ACCOUNTS.revenue]: '-55.52',
      [ACCOUNTS.tax]: '-11.10',
      [ACCOUNTS.goodsReceived]: '-128.00',
      [ACCOUNTS.inventory]: '106.00',
      [ACCOUNTS.costOfGoods]: '22.00',
    });
    expect(await mailsTo(email)).toHaveLength(1);
  });

  it('gives what comes in to the orders that have waited longest', async () => {
    const customer = await trader.customer('Patient People', `patient@${trader.slug}.example`);
    const rare = await trader.product('RARE', '5.00');
    const first = await trader.order(customer, warehouse, [[rare, 4]]);
    const second = await trader.order(customer, warehouse, [[rare, 4]]);
    const third = await trader.order(customer, warehouse, [[rare, 2]]);
    expect([first.status, second.status, third.status]).toEqual(['backordered', 'backordered', 'backordered']);

    await trader.receive(warehouse, rare, 6, '2.00');
    const reserved = async () =>
      Promise.all([first, second, third].map(async (order) => (await trader.orderNow(order)).lines[0]?.reserved));
    expect(await reserved()).toEqual([4, 2, 0]);

    // What the second gives up goes to the third: it is the next in line.
    await trader.post(`/v1/sales-orders/${second.id}/cancellation`);
    expect(await reserved()).toEqual([4, 0, 2]);
    expect((await trader.orderNow(third)).status).toBe('reserved');
    expect((await trader.orderNow(second)).status).toBe('cancelled');
  });

  it('credits exactly what was cancelled after the invoice', async () => {
    const customer = await trader.customer('Second Thoughts', `thoughts@${trader.slug}.example`);
    const cup = await trader.product('CUP', '3.33');
    await trader.receive(warehouse, cup, 20, '1.00');
    const order = await trader.order(customer, warehouse, [[cup, 10]]);
    const invoice = await trader.invoiceOf(order);

    const lines = [{ lineId: order.lines[0]?.id, quantity: 3 }];
    await trader.post(`/v1/sales-orders/${order.id}/cancellation`, { lines });
    const [note] = await trader.creditNotesOf(invoice, 1);
    // 33.30 + 6.66 was invoiced, 23.31 + 4.66 stays.
    expect(note).toMatchObject({ reason: 'cancellation', total: { amount: '11.99' } });
    expect((await trader.orderNow(order)).lines[0]).toMatchObject({
      reserved: 7,
      cancelled: 3,
      invoiced: 10,
      credited: 3,
    });
    expect(await trader.levelOf(cup)).toMatchObject({ onHand: 20, reserved: 7 });

    await trader.post(`/v1/sales-orders/${order.id}/cancellation`);
    const notes = await trader.creditNotesOf(invoice, 2);
    const credited = notes.reduce((sum, { total }) => sum + Math.round(Number(total.amount) * 100), 0);
    expect(credited).toBe(Math.round(Number(invoice.total.amount) * 100));
    expect((await trader.orderNow(order)).status).toBe('cancelled');
  });

  it('takes goods back with a credit note, at the cost they left with', async () => {
    const customer = await trader.customer('Wrong Size', `size@${trader.slug}.example`);
    const boot = await trader.product('BOOT', '50.00');
    await trader.receive(warehouse, boot, 5, '20.00');
    const order = await trader.order(customer, warehouse, [[boot, 2]]);
    const invoice = await trader.invoiceOf(order);
    await trader.post(`/v1/sales-orders/${order.id}/shipments`, {});
    // The average has moved on when they come back.
    await trader.receive(warehouse, boot, 3, '30.00');

    const lines = [{ invoiceLineId: invoice.lines[0]?.id, quantity: 1, returnGoods: true }];
    const note = await trader.post<Id>('/v1/credit-notes', { invoiceId: invoice.id, reason: 'return', lines });
    expect(note).toMatchObject({ total: { amount: '60.00' }, goodsReturned: true });
    expect((await trader.orderNow(order)).lines[0]).toMatchObject({ shipped: 2, returned: 1, credited: 1 });
    expect(await trader.levelOf(boot)).toMatchObject({ onHand: 7, available: 7 });
    const { items } = await trader.get<PageOf<{ value: { amount: string } }>>(
      `/v1/stock-movements?productId=${boot.id}&kind=return`,
    );
    expect(items).toMatchObject([{ quantity: 1, value: { amount: '20.00' } }]);
  });

  describe('the payment of an order', () => {
    let buyer: Trader;
    let order: Order;

    beforeEach(async () => {
      buyer = await Trader.signUp(system, isolation);
      const shelf = await buyer.warehouse('MAIN');
      const clock = await buyer.product('CLOCK', '50.00');
      const customer = await buyer.customer('Time & Again', `time@${buyer.slug}.example`);
      await buyer.receive(shelf, clock, 10, '20.00');
      order = await buyer.order(customer, shelf, [[clock, 2]]);
    });

    it('takes the money once, however often the provider says so, and gives some back', async () => {
      const payment = await buyer.pay(order, 'pm_webhook_twice');
      expect(payment).toMatchObject({ status: 'captured', captured: { amount: '120.00' } });
      await webhooksOf(payment, 2);
      const books = {
        [ACCOUNTS.inventory]: '200.00',
        [ACCOUNTS.goodsReceived]: '-200.00',
        [ACCOUNTS.revenue]: '-100.00',
        [ACCOUNTS.tax]: '-20.00',
      };
      await buyer.untilBalances({ ...books, [ACCOUNTS.bank]: '120.00' });

      const tooMuch = await buyer.send('POST', `/v1/sales-orders/${order.id}/payments`, { body: { method: 'pm_ok' } });
      expect(tooMuch.status).toBe(409);

      await buyer.refund(payment, '30.00');
      await buyer.untilBalances({ ...books, [ACCOUNTS.bank]: '90.00', [ACCOUNTS.receivable]: '30.00' });
      const { charges, refunds } = await moneyMoved(payment);
      expect(charges).toEqual([12_000]);
      expect(refunds).toEqual([3_000]);
    });

    it('books nothing for a payment that is declined, and lets the customer try again', async () => {
      expect(await buyer.pay(order, 'pm_declined')).toMatchObject({ status: 'failed', captured: { amount: '0.00' } });
      expect(await buyer.pay(order, 'pm_ok')).toMatchObject({ status: 'captured' });
      await eventually('the invoice is paid', async () => {
        const balances = await buyer.balances();
        return balances[ACCOUNTS.bank] === '120.00' && balances[ACCOUNTS.receivable] === undefined;
      });
    });

    it('believes the provider’s webhook when the answer was only "pending"', async () => {
      expect(await buyer.pay(order, 'pm_pending')).toMatchObject({
        status: 'captured',
        captured: { amount: '120.00' },
      });
    });
  });

  it('ends with books that add up and every event handled', async () => {
    await eventually('every delivery is done', async () => {
      const open = await trader.rows<{ consumer: string }>(
        `select consumer from platform.delivery where completed_at is null`,
      );
      return open.length === 0;
    });
    expect(await trader.balances()).toMatchObject({ [ACCOUNTS.inventory]: expect.any(String) });
    const invoices = await trader.all<{ number: string }>('/v1/invoices');
    const numbers = invoices.map(({ number }) => Number(number.slice(-6))).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  async function download(invoiceId: string): Promise<Buffer> {
    const { url } = await trader.get<{ url: string }>(`/v1/invoices/${invoiceId}/pdf`);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    return Buffer.from(await response.arrayBuffer());
  }

  async function webhooksOf(payment: Id, count: number): Promise<void> {
    await eventually(`the provider has told ${count} times`, async () => {
      return system.payments.webhooksOf(payment.id).length >= count;
    });
  }

  /** What the provider's own log says: amounts that really moved, in pence. */
  async function moneyMoved(payment: Id): Promise<{ charges: number[]; refunds: number[] }> {
    const log = await system.payments.log();
    const charges = log
      .filter(({ operation }) => operation === 'charge.created')
      .flatMap(({ charge }) => (charge?.reference === payment.id ? [charge] : []));
    const refunds = log
      .filter(({ operation }) => operation === 'refund.created')
      .flatMap(({ refund }) => (refund && refund.charge === charges[0]?.id ? [refund] : []));
    return {
      charges: charges.map(({ amountCaptured }) => amountCaptured),
      refunds: refunds.map(({ amount }) => amount),
    };
  }
});
