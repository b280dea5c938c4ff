import type { SalesOrderLineDetails } from '#erp/sales';
import { payableMinor } from './payable-amount.js';

const line = (overrides: Partial<SalesOrderLineDetails>) =>
  ({
    ordered: 3,
    cancelled: 0,
    invoiced: 0,
    credited: 0,
    unitPriceE4: 33_300n,
    taxCode: 'standard',
    taxRatePpm: 200_000,
    ...overrides,
  }) as const;
const order = (totalMinor: bigint, ...lines: ReturnType<typeof line>[]) => ({
  currency: 'GBP',
  priceMode: 'net' as const,
  totalMinor,
  lines: lines as unknown as SalesOrderLineDetails[],
});

it('is the total of an order of which nothing was cancelled', () => {
  expect(payableMinor(order(1_199n, line({})))).toBe(1_199n);
});

it('leaves out what was cancelled, tax included', () => {
  expect(payableMinor(order(1_199n, line({ cancelled: 1 })))).toBe(799n);
  expect(payableMinor(order(1_199n, line({ cancelled: 3 })))).toBe(0n);
});

it('leaves out what was credited, whether it was cancelled, sent back or given as goodwill', () => {
  expect(payableMinor(order(1_199n, line({ invoiced: 3, credited: 1 })))).toBe(799n);
  expect(payableMinor(order(1_199n, line({ invoiced: 3, cancelled: 1, credited: 1 })))).toBe(799n);
  expect(payableMinor(order(1_199n, line({ invoiced: 3, cancelled: 1 })))).toBe(799n);
  expect(payableMinor(order(1_199n, line({ invoiced: 2, cancelled: 1, credited: 1 })))).toBe(400n);
  expect(payableMinor(order(1_199n, line({ invoiced: 3, credited: 3 })))).toBe(0n);
});

it('is never more than the total, nor below zero, when a discount is all that is left or is cancelled', () => {
  const discount = { unitPriceE4: -10_000n, ordered: 1, taxRatePpm: 0 };
  expect(payableMinor(order(1_099n, line({ cancelled: 3 }), line(discount)))).toBe(0n);
  expect(payableMinor(order(1_099n, line({}), line({ ...discount, cancelled: 1 })))).toBe(1_099n);
});
