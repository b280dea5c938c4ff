import { calendarOf, isTimeZone, UnknownTimeZone } from './time-zone.js';

describe('time zones', () => {
  it.each(['Europe/London', 'Pacific/Auckland', 'UTC', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires'])(
    'knows %s',
    (timeZone) => {
      expect(isTimeZone(timeZone)).toBe(true);
    },
  );

  it.each(['', 'Mars/Olympus', '+02:00', '-0530', 'Europe/London; DROP', 'Europe'])(
    'does not know "%s"',
    (timeZone) => {
      expect(isTimeZone(timeZone)).toBe(false);
      expect(() => calendarOf(timeZone)).toThrow(UnknownTimeZone);
    },
  );

  it('keeps the formatters of the zones used last, and only so many', () => {
    const first = calendarOf('Europe/London');
    expect(calendarOf('Europe/London')).toBe(first);
    for (const timeZone of Intl.supportedValuesOf('timeZone').slice(0, 200)) calendarOf(timeZone);
    expect(calendarOf('Europe/London')).not.toBe(first);
  });
});
