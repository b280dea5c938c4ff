import { testConfig } from '#libs/config/testing';
import { SecretBox } from './secret-box.js';
import { SecretUnreadable } from './secrets.errors.js';

const OLD = `old:${'A'.repeat(43)}`;
const NEW = `new:${'B'.repeat(43)}`;

function boxWith(...keys: string[]): SecretBox {
  return new SecretBox(testConfig({ ENCRYPTION_KEYS: keys.join(',') }));
}

describe('SecretBox', () => {
  it('opens what it sealed, and shows nothing of it', () => {
    const box = boxWith(OLD);
    const sealed = box.seal('JBSWY3DPEHPK3PXP', 'totp:a');
    expect(sealed).not.toContain('JBSWY3DPEHPK3PXP');
    expect(box.open(sealed, 'totp:a')).toBe('JBSWY3DPEHPK3PXP');
  });

  it('seals the same text differently each time', () => {
    const box = boxWith(OLD);
    expect(box.seal('one', 'place')).not.toBe(box.seal('one', 'place'));
  });

  it('does not open what was moved to another place', () => {
    const box = boxWith(OLD);
    const sealed = box.seal('secret', 'totp:ada');
    expect(() => box.open(sealed, 'totp:eve')).toThrow(SecretUnreadable);
  });

  it.each([1, 2, 3])('does not open it when part %i was altered', (part) => {
    const box = boxWith(OLD);
    const parts = box.seal('a secret of some length', 'place').split('.');
    const first = parts[part]?.startsWith('A') === true ? 'B' : 'A';
    parts[part] = `${first}${parts[part]?.slice(1)}`;
    expect(() => box.open(parts.join('.'), 'place')).toThrow(SecretUnreadable);
  });

  it('does not open it with a shorter tag', () => {
    const box = boxWith(OLD);
    const [version, kid, iv, rest = ''] = box.seal('secret', 'place').split('.');
    const short = Buffer.from(rest, 'base64url').subarray(0, -8).toString('base64url');
    expect(() => box.open([version, kid, iv, short].join('.'), 'place')).toThrow(SecretUnreadable);
    expect(() => box.open('', 'place')).toThrow(SecretUnreadable);
  });

  it('opens what an older key sealed until that key is gone', () => {
    const sealed = boxWith(OLD).seal('secret', 'place');
    const rotated = boxWith(NEW, OLD);
    expect(rotated.open(sealed, 'place')).toBe('secret');
    expect(rotated.isCurrent(sealed)).toBe(false);
    const again = rotated.seal(rotated.open(sealed, 'place'), 'place');
    expect(rotated.isCurrent(again)).toBe(true);
    expect(boxWith(NEW).open(again, 'place')).toBe('secret');
    expect(() => boxWith(NEW).open(sealed, 'place')).toThrow(SecretUnreadable);
  });

  it('derives the same secret again, another one for another name, purpose or key', () => {
    const derived = (box: SecretBox, purpose: string, name: string): string =>
      box.derive(purpose, name).toString('hex');
    const one = derived(boxWith(OLD), 'reset', 'a');
    expect(derived(boxWith(OLD), 'reset', 'a')).toBe(one);
    const others = [
      derived(boxWith(OLD), 'reset', 'b'),
      derived(boxWith(OLD), 'verify', 'a'),
      derived(boxWith(NEW), 'reset', 'a'),
    ];
    expect(new Set([one, ...others]).size).toBe(4);
  });
});
