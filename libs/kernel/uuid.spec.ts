import { jest } from '@jest/globals';
import { isUuid, uuidv7 } from './uuid.js';

const timeMsOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

describe('uuidv7', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('has version, variant and the time', () => {
    const now = new Date('2025-11-20T07:30:00.123Z');
    const id = uuidv7(now);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeMsOf(id)).toBe(now.getTime());
  });

  it('increases strictly inside a millisecond', () => {
    const now = new Date('2025-11-20T07:30:00.123Z');
    const ids = Array.from({ length: 20_000 }, () => uuidv7(now));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map(timeMsOf))).toEqual(new Set([now.getTime()]));
  });

  it('increases strictly over milliseconds and when the clock is set back', () => {
    const clock = jest.spyOn(Date, 'now');
    const start = Date.now() + 60_000;
    const ids = [0, 1, 1, 5, 2, 5, 6].map((offset) => {
      clock.mockReturnValue(start + offset);
      return uuidv7();
    });
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map((id) => timeMsOf(id) - start)).toEqual([0, 1, 1, 5, 5, 5, 6]);
  });

  it('dates an id in the past without holding back the next one', () => {
    const past = new Date('2010-12-01T08:26:00Z');
    const before = Date.now();
    uuidv7();
    expect(timeMsOf(uuidv7(past))).toBe(past.getTime());
    expect(timeMsOf(uuidv7())).toBeGreaterThanOrEqual(before);
  });

  it('refuses a time before 1970 and an invalid one', () => {
    expect(() => uuidv7(new Date(-1))).toThrow(RangeError);
    expect(() => uuidv7(new Date(Number.NaN))).toThrow(RangeError);
  });
});

describe('isUuid', () => {
  it('takes any version in canonical form', () => {
    expect(isUuid(uuidv7())).toBe(true);
    expect(isUuid('00000000-0000-0000-0000-000000000000')).toBe(true);
    expect(isUuid('3F2504E0-4F89-41D3-9A0C-0305E82C3301')).toBe(true);
  });

  it.each(['', 'x', '3f2504e04f8941d39a0c0305e82c3301', '{3f2504e0-4f89-41d3-9a0c-0305e82c3301}', '0'.repeat(36)])(
    'refuses "%s"',
    (text) => {
      expect(isUuid(text)).toBe(false);
    },
  );

  it('refuses a trailing line break', () => {
    expect(isUuid('3f2504e0-4f89-41d3-9a0c-0305e82c3301\n')).toBe(false);
  });
});
