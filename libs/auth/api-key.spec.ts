import { uuidv7 } from '#libs/kernel';
import { isApiKey, newApiKey, readApiKey } from './api-key.js';

it.each(['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', uuidv7()])(
  'says the tenant %s and is recognised',
  (tenantId) => {
    const { key, hash } = newApiKey(tenantId);
    expect(key).toMatch(/^qk_[0-9A-Za-z]{71}$/);
    expect(isApiKey(key)).toBe(true);
    expect(readApiKey(key)).toEqual({ tenantId, hash });
  },
);

it('is another one each time', () => {
  const tenantId = uuidv7();
  const keys = Array.from({ length: 100 }, () => newApiKey(tenantId).key);
  expect(new Set(keys).size).toBe(100);
});

it('is refused with any one character changed, cut, or lengthened', () => {
  const { key } = newApiKey(uuidv7());
  const altered = Array.from(key).map(
    (character, at) => key.slice(0, at) + (character === 'a' ? 'b' : 'a') + key.slice(at + 1),
  );
  const others = [key.slice(0, -1), `${key}0`, key.replace('qk_', 'qx_'), `qk_${'z'.repeat(71)}`, 'qk_', ''];
  expect([...altered, ...others].filter((each) => readApiKey(each) !== undefined)).toEqual([]);
});
