import { SalesShipmentLine } from '../shipments/sales-shipment-line.entity.js';
import { costOfReturn } from './cost-of-return.js';

const shipped = (quantity: number, costMinor: bigint): SalesShipmentLine =>
  Object.assign(new SalesShipmentLine(), { orderLineId: 'line', quantity, costMinor });
const back = (quantity: number) => [{ lineId: 'line', quantity }];

it('comes back at the cost it left with, the oldest shipment first', () => {
  const [first, second] = [shipped(2, 200n), shipped(3, 900n)];
  expect(costOfReturn([first, second], back(3)).costs.get('line')).toBe(500n);
  expect([first.outstanding, second.outstanding]).toEqual([0, 2]);
});

it('adds up to the whole cost in whatever pieces it comes back', () => {
  const line = shipped(3, 100n);
  const costs = [1, 1, 1].map((quantity) => costOfReturn([line], back(quantity)).costs.get('line'));
  expect(costs).toEqual([33n, 34n, 33n]);
  expect(line).toMatchObject({ returned: 3, returnedCostMinor: 100n });
});

it('does not invent units', () => {
  expect(() => costOfReturn([shipped(1, 100n)], back(2))).toThrow('1 units come back that no shipment has');
});
