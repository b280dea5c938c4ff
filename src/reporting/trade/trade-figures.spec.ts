import { atLeastTwoDecimals } from './trade-figures.js';

it.each([
  ['823746.1400', '823746.14'],
  ['1.5000', '1.50'],
  ['0.0010', '0.001'],
  ['-27.7500', '-27.75'],
  ['7', '7.00'],
  ['0', '0.00'],
])('writes %s as %s: exact, with two decimals at least', (decimal, written) => {
  expect(atLeastTwoDecimals(decimal)).toBe(written);
});
