import { transactionRate } from './place-order.mjs';

const report = (failed: number) => `transaction type: /tmp/place-order.sql
number of clients: 16
number of transactions actually processed: 21315
number of failed transactions: ${failed} (0.000%)
latency average = 3.753 ms
tps = 4263.123456 (without initial connection time)
`;

it('reads the rate without the time of connecting', () => {
  expect(transactionRate(0, report(0), '')).toBe(4263.123456);
});

it('believes no rate of a run in which a transaction failed, or that failed itself', () => {
  expect(() => transactionRate(0, report(1), '')).toThrow('pgbench failed');
  expect(() => transactionRate(2, report(0), 'ERROR: out of stock')).toThrow('out of stock');
  expect(() => transactionRate(0, '', '')).toThrow('pgbench failed');
});
