import {
  addDays,
  businessDate,
  InvalidBusinessDate,
  isBusinessDate,
  numberingYear,
  startOfBusinessDay,
} from './business-date.js';
import { SeededRandom } from './testing/index.js';
import { UnknownTimeZone } from './time-zone.js';

const HOUR_MS = 3_600_000;

const hoursOf = (date: string, timeZone: string): number =>
  (startOfBusinessDay(addDays(date, 1), timeZone).getTime() - startOfBusinessDay(date, timeZone).getTime()) / HOUR_MS;

describe('businessDate', () => {
  it.each([
    ['2025-12-31T10:59:59.999Z', 'Pacific/Auckland', '2025-12-31', 2025],
    ['2025-12-31T11:00:00.000Z', 'Pacific/Auckland', '2026-01-01', 2026],
    ['2025-12-31T11:00:00.000Z', 'Europe/London', '2025-12-31', 2025],
    ['2025-12-31T23:59:59.999Z', 'Europe/London', '2025-12-31', 2025],
    ['2026-01-01T00:00:00.000Z', 'Europe/London', '2026-01-01', 2026],
    ['2026-01-01T04:59:59.999Z', 'America/New_York', '2025-12-31', 2025],
    ['2025-06-30T22:59:59.999Z', 'Europe/London', '2025-06-30', 2025],
    ['2025-06-30T23:00:00.000Z', 'Europe/London', '2025-07-01', 2025],
    ['2025-01-01T10:00:00.000Z', 'Pacific/Kiritimati', '2025-01-02', 2025],
  ])('%s in %s is %s', (instant, timeZone, date, year) => {
    expect(businessDate(new Date(instant), timeZone)).toBe(date);
    expect(numberingYear(new Date(instant), timeZone)).toBe(year);
  });

  it('refuses an unknown zone and an invalid instant', () => {
    expect(() => businessDate(new Date(), 'Nowhere')).toThrow(UnknownTimeZone);
    expect(() => businessDate(new Date(Number.NaN), 'UTC')).toThrow(RangeError);
  });
});

describe('startOfBusinessDay', () => {
  it.each([
    ['2026-01-01', 'Pacific/Auckland', '2025-12-31T11:00:00.000Z'],
    ['2025-07-01', 'Pacific/Auckland', '2025-06-30T12:00:00.000Z'],
    ['2025-03-30', 'Europe/London', '2025-03-30T00:00:00.000Z'],
    ['2025-03-31', 'Europe/London', '2025-03-30T23:00:00.000Z'],
    ['2025-10-26', 'Europe/London', '2025-10-25T23:00:00.000Z'],
    ['2025-10-27', 'Europe/London', '2025-10-27T00:00:00.000Z'],
    // Summer time that starts at midnight: the day begins at one o'clock.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    // Summer time that ends at midnight: 23:00 comes twice, the day begins after the second.
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'],
    ['2025-01-01', 'UTC', '2025-01-01T00:00:00.000Z'],
    ['2025-01-01', 'Asia/Kathmandu', '2024-12-31T18:15:00.000Z'],
  ])('%s in %s starts at %s', (date, timeZone, instant) => {
    expect(startOfBusinessDay(date, timeZone).toISOString()).toBe(instant);
  });

  it('makes days of 23 and 25 hours at the changes of summer time', () => {
    expect(hoursOf('2025-03-30', 'Europe/London')).toBe(23);
    expect(hoursOf('2025-10-26', 'Europe/London')).toBe(25);
    expect(hoursOf('2025-09-28', 'Pacific/Auckland')).toBe(23);
    expect(hoursOf('2025-04-06', 'Pacific/Auckland')).toBe(25);
    expect(hoursOf('2025-06-15', 'Pacific/Auckland')).toBe(24);
  });

  it('gives Samoa no 30 December 2011', () => {
    expect(hoursOf('2011-12-30', 'Pacific/Apia')).toBe(0);
  });

  it('is the first millisecond of its date, everywhere', () => {
    const random = new SeededRandom(9);
    const zones = [
      'Europe/London',
      'Pacific/Auckland',
      'America/New_York',
      'Asia/Tehran',
      'Australia/Lord_Howe',
    ] as const;
    for (let round = 0; round < 300; round += 1) {
      const timeZone = random.oneOf(zones);
      const date = addDays('2000-01-01', random.integer(0, 14_000));
      const start = startOfBusinessDay(date, timeZone);
      expect(businessDate(start, timeZone)).toBe(date);
      expect(businessDate(new Date(start.getTime() - 1), timeZone)).toBe(addDays(date, -1));
    }
  });

  it.each(['2025-02-29', '2025-13-01', '2025-00-10', '20250101', '2025-1-1', '0999-01-01', '2025-01-01T00:00Z', ''])(
    'refuses "%s"',
    (date) => {
      expect(isBusinessDate(date)).toBe(false);
      expect(() => startOfBusinessDay(date, 'UTC')).toThrow(InvalidBusinessDate);
    },
  );
});

describe('addDays', () => {
  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2025-02-28', 1, '2025-03-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2025-03-30', 1, '2025-03-31'],
  ])('%s and %s days is %s', (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected);
  });

  it('refuses to leave the calendar', () => {
    expect(() => addDays('9999-12-31', 1)).toThrow(InvalidBusinessDate);
  });
});
