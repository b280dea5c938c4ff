import { StockLevel } from './stock-level.entity.js';
import { StockInsufficient, StockNotReserved } from './stock.errors.js';

function level(onHand: number, valueMinor: bigint, reserved = 0): StockLevel {
  return Object.assign(new StockLevel(), { productId: 'p', warehouseId: 'w', onHand, valueMinor, reserved });
}

it('promises no more than is available', () => {
  const shelf = level(10, 100n, 4);
  expect(shelf.reserveUpTo(9)).toBe(6);
  expect(shelf.reserveUpTo(1)).toBe(0);
  expect(shelf.available).toBe(0);
});

it('gives out units at value × quantity ÷ on hand, half-even, and the last ones at all that is left', () => {
  const shelf = level(3, 100n);
  expect([shelf.issue(1), shelf.issue(1), shelf.issue(1)]).toEqual([33n, 34n, 33n]);
  expect(shelf).toMatchObject({ onHand: 0, valueMinor: 0n });
});

it('rounds a half to the even cent', () => {
  expect(level(2, 5n).issue(1)).toBe(2n);
  expect(level(2, 7n).issue(1)).toBe(4n);
});

it('refuses to give out what is promised to others', () => {
  const shelf = level(10, 100n, 8);
  expect(() => shelf.issue(3)).toThrow(StockInsufficient);
  expect(shelf.ship(3, 1)).toBe(30n);
  expect(shelf).toMatchObject({ onHand: 7, reserved: 7, valueMinor: 70n });
});

it('refuses to take back promises that were not made', () => {
  expect(() => level(10, 0n, 2).release(3)).toThrow(StockNotReserved);
  expect(() => level(10, 0n, 2).ship(5, 3)).toThrow(StockNotReserved);
});

it('refuses more units or value than the books can hold', () => {
  expect(() => level(1_000_000_000, 0n).receive(1, 0n)).toThrow('A quantity is at most');
  expect(() => level(1, 2n ** 63n - 1n).receive(1, 1n)).toThrow('The amount is too large');
});

it('values found units at the current average', () => {
  const shelf = level(4, 10n);
  expect(shelf.adjust(2)).toBe(5n);
  expect(shelf).toMatchObject({ onHand: 6, valueMinor: 15n });
});

it('values units found on an empty shelf at the last known cost, and at nothing when there is none', () => {
  const shelf = level(4, 10n);
  shelf.issue(4);
  expect(shelf.adjust(2)).toBe(5n);
  expect(level(0, 0n).adjust(2)).toBe(0n);
});

it('takes the average off for lost units, and a given cost in for found ones', () => {
  const shelf = level(4, 10n);
  expect(shelf.adjust(-2)).toBe(-5n);
  expect(shelf.adjust(1, 700n)).toBe(700n);
  expect(shelf).toMatchObject({ onHand: 3, valueMinor: 705n });
});
