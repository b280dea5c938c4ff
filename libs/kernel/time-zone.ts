import { DomainError } from './domain-error.js';

/** A name that is no IANA time zone. */
export class UnknownTimeZone extends DomainError {
  static readonly code = 'time_zone.unknown';
  static readonly kind = 'invalid';

  constructor(timeZone: string, options?: ErrorOptions) {
    super(`"${timeZone.slice(0, 60)}" is not an IANA time zone`, { timeZone: timeZone.slice(0, 60) }, options);
  }
}

// A formatter costs tens of microseconds to make and kilobytes to keep; there are some 600 names to choose from.
const FORMATTERS_MAX = 128;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether the name is an IANA time zone such as `Europe/London` or `UTC`. Bare offsets (`+02:00`) are refused. */
export function isTimeZone(timeZone: string): boolean {
  try {
    calendarOf(timeZone);
    return true;
  } catch (error) {
    if (error instanceof UnknownTimeZone) return false;
    throw error;
  }
}

/**
 * A formatter for the Gregorian year, month and day in a zone, kept for the zones used last.
 * Throws {@link UnknownTimeZone}.
 */
export function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const formatter = formatters.get(timeZone) ?? newCalendar(timeZone);
  formatters.delete(timeZone);
  formatters.set(timeZone, formatter);
  const [oldest] = formatters.keys();
  if (formatters.size > FORMATTERS_MAX && oldest !== undefined) formatters.delete(oldest);
  return formatter;
}

function newCalendar(timeZone: string): Intl.DateTimeFormat {
  // Intl takes offsets too, but PostgreSQL reads their sign the other way round.
  if (!/^[A-Za-z]/.test(timeZone)) throw new UnknownTimeZone(timeZone);
  try {
    return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  } catch (error) {
    throw new UnknownTimeZone(timeZone, { cause: error });
  }
}
