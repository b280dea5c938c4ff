import { faultsOf, faultsOfRepository, sourceFiles } from './source-rules.js';

const rulesOf = (path: string, text: string): string[] => faultsOf(path, text).map((fault) => fault.rule);
const lines = (count: number): string => 'export const x = 1;\n'.repeat(count);
const constructorWith = (count: number): string =>
  `/** Said. */ export class Busy { constructor(${Array.from({ length: count }, (_, i) => `private a${i}: string`).join(', ')}) {} }`;

describe('names and sizes', () => {
  it('are kept by every file of the repository', () => {
    expect(sourceFiles().length).toBeGreaterThan(10);
    expect(faultsOfRepository().map(({ path, line, rule }) => `${path}:${line} ${rule}`)).toEqual([]);
  });

  it.each([
    ['a file of 301 lines', 'src/sales/long.ts', lines(301)],
    ['a spec of 401 lines', 'src/sales/long.spec.ts', lines(401)],
    ['a constructor with 8 parameters', 'src/sales/busy.ts', constructorWith(8)],
    ['any', 'src/sales/any.ts', 'export const x: Record<string, any> = {};'],
    ['a cast to any', 'src/sales/any.ts', 'export const x = (1 as any).y;'],
    ['ts-ignore', 'src/sales/silent.ts', 'export const x = 1;\n// @ts-ignore\nexport const y = 2;'],
    [
      'ts-expect-error at the end of a block',
      'src/sales/silent.ts',
      'export const x = () => {\n/* @ts-expect-error */ };',
    ],
    ['an empty catch', 'src/sales/catch.ts', 'try { x(); } catch { /* nothing */ }'],
    ['a leftover', 'src/sales/left.ts', '// TODO: later\nexport const x = 1;'],
    ['a skipped test', 'src/sales/a.spec.ts', `it.skip('waits', () => {});`],
    ['a skipped table of tests', 'src/sales/a.spec.ts', `it.each([1]).skip('waits', () => {});`],
    ['a lonely test', 'src/sales/a.spec.ts', `describe.only('alone', () => {});`],
    ['an old style skip', 'src/sales/a.spec.ts', `xit('waits', () => {});`],
    ['a manager', 'src/sales/a.ts', '/** Said. */ export class OrderManager {}'],
    ['a base class', 'src/sales/a.ts', '/** Said. */ export abstract class BaseVerb {}'],
    ['an I interface', 'src/sales/a.ts', '/** Said. */ export interface IOrder { id: string }'],
    ['a file of utilities', 'src/sales/order-utils.ts', 'export const x = 1;'],
    ['a folder of helpers', 'libs/http/helpers/money.ts', 'export const x = 1;'],
    ['an undocumented class', 'src/sales/a.ts', 'export class ConfirmSalesOrder {}'],
    ['an undocumented function', 'libs/kernel/a.ts', '// not a docstring\nexport function divide() {}'],
  ])('refuse %s', (_, path, text) => {
    expect(rulesOf(path, text)).toHaveLength(1);
  });

  it.each([
    ['300 lines', 'src/sales/long.ts', lines(300)],
    ['7 parameters', 'src/sales/busy.ts', constructorWith(7)],
    ['words of the field', 'src/sales/a.ts', '/** Said. */ export class Baseline { manager = 1; }'],
    ['names that start with I', 'src/sales/a.ts', '/** Said. */ export interface Invoice { id: string }'],
    ['a string that mentions a rule', 'src/sales/a.spec.ts', `const text = '@ts-ignore it.skip(any)';`],
    [
      'a second overload',
      'src/a.ts',
      '/** Said. */ export function f(): void;\nexport function f(x?: 1): void { g(x); }',
    ],
  ])('allow %s', (_, path, text) => {
    expect(rulesOf(path, text)).toEqual([]);
  });
});
