import { LagHistory } from './lag-history.js';

it('tells by how much a replica is behind, by the time at which the primary was there', () => {
  const history = new LagHistory(60_000);
  for (let at = 0; at <= 10_000; at += 100) history.add(at, at * 10);
  expect(history.lagMs(100_000)).toBe(0);
  expect(history.lagMs(90_000)).toBe(1_000);
  expect(history.lagMs(90_500)).toBe(1_000);
});

it('knows no lag while nothing is written', () => {
  const history = new LagHistory(60_000);
  for (let at = 0; at <= 100_000; at += 100) history.add(at, 500);
  expect(history.lagMs(500)).toBe(0);
  history.add(100_100, 501);
  expect(history.lagMs(500)).toBe(100);
});

it('stands still while the primary is not heard of', () => {
  const history = new LagHistory(60_000);
  history.add(0, 10);
  history.add(1_000, 20);
  expect(history.lagMs(10)).toBe(1_000);
  expect(history.lagMs(20)).toBe(0);
});

it('does not know of what it has forgotten, of another history, or of nothing', () => {
  const history = new LagHistory(1_000);
  expect(history.lagMs(10)).toBeUndefined();
  for (let at = 0; at <= 10_000; at += 100) history.add(at, at);
  expect(history.lagMs(5_000)).toBeUndefined();
  history.clear();
  expect(history.lagMs(10_000)).toBeUndefined();
});

it('stays small', () => {
  const history = new LagHistory(3_600_000);
  for (let at = 0; at < 8_000_000; at += 100) history.add(at, at);
  expect(Object.values(history).find((value) => Array.isArray(value))?.length).toBeLessThan(700);
});
