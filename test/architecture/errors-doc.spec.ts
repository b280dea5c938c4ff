import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesOfClasses, codesOfStatuses, errorCodes, errorsDocument, statusesOfKinds } from './error-codes.js';

const DOCUMENT = join(process.cwd(), 'docs/errors.md');

describe('docs/errors.md', () => {
  const made = errorsDocument(errorCodes(), statusesOfKinds());

  it('says of every stable code what the sources say', () => {
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, made);
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(made);
  });

  it('has every code once', () => {
    const codes = errorCodes().map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(100);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it('knows the status of every kind', () => {
    expect(statusesOfKinds().size).toBe(9);
  });
});

describe('an error class', () => {
  const declared = `
    /**
     * The kettle is empty,
     * so nothing boils.
     *
     * More for who reads the code.
     */
    export class KettleEmpty extends DomainError {
      static readonly code = 'kitchen.kettle.empty';
      static readonly kind = 'conflict';
    }`;

  it('is documented by the first paragraph of its docstring', () => {
    const [found, ...others] = codesOfClasses('src/kitchen/kettle.errors.ts', declared);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: 'kitchen.kettle.empty', meaning: 'The kettle is empty, so nothing boils.' });
    expect(errorsDocument(found ? [found] : [], new Map([['conflict', 409]]))).toContain(
      '## Kitchen\n\n| Code | Status | Meaning |\n|---|---|---|\n' +
        '| `kitchen.kettle.empty` | 409 | The kettle is empty, so nothing boils. |\n',
    );
  });

  it.each([
    ['no docstring', declared.replace(/\/\*\*[^]*?\*\//, ''), 'has no docstring'],
    ['no kind', declared.replace(/static readonly kind.*/, ''), 'has no literal code and kind'],
    ['a code that is put together', declared.replace(`'kitchen.kettle.empty'`, 'PREFIX + 1'), 'has no literal code'],
  ])('is refused with %s', (_, text, fault) => {
    expect(() => codesOfClasses('src/kitchen/kettle.errors.ts', text)).toThrow(fault);
  });

  it('is refused with a kind that has no status', () => {
    const codes = codesOfClasses('src/kitchen/kettle.errors.ts', declared.replace('conflict', 'cold'));
    expect(() => errorsDocument(codes, statusesOfKinds())).toThrow('has no status');
  });
});

it('finds the answers that have no class', () => {
  const text = `const A = { 404: ['route.not_found', 'Nothing here.'] };
    const B = { status: 500, code: 'internal', detail: 'Our fault.' };`;
  expect(codesOfStatuses(text)).toMatchObject([
    { code: 'route.not_found', kind: 404, meaning: 'Nothing here.' },
    { code: 'internal', kind: 500, meaning: 'Our fault.' },
  ]);
});
