import { canonicalQuery } from './cached-route.js';

describe('what a query says', () => {
  it('is spelled in one way, in whichever order it came', () => {
    expect(canonicalQuery({ q: 'red lamp', limit: '20' })).toBe('?limit=20&q=red%20lamp');
    expect(canonicalQuery({ limit: '20', q: 'red lamp' })).toBe('?limit=20&q=red%20lamp');
    expect(canonicalQuery({})).toBe('');
  });

  it('keeps what came several times, in its order', () => {
    expect(canonicalQuery({ id: ['b', 'a'], limit: '1' })).toBe('?id=b&id=a&limit=1');
  });

  it('does not let a value pass for another parameter, nor broken text fail', () => {
    expect(canonicalQuery({ q: 'a&limit=2' })).toBe('?q=a%26limit%3D2');
    expect(canonicalQuery({ 'q=a&limit': '2' })).toBe('?q%3Da%26limit=2');
    expect(canonicalQuery({ q: 'é\ud800' })).toBe('?q=%C3%A9%EF%BF%BD');
    expect(canonicalQuery({ q: '' })).toBe('?q=');
  });
});
