import { DomainError } from './domain-error.js';
import { calendarOf } from './time-zone.js';

/** A day of the tenant's calendar as `YYYY-MM-DD`, years 1000 to 9999; sorts as text. */
export type BusinessDate = string;

/** A text that is no day of the calendar in the form `YYYY-MM-DD`. */
export class InvalidBusinessDate extends DomainError {
  static readonly code = 'business_date.invalid';
  static readonly kind = 'invalid';

  constructor(date: string) {
    super('A business date is a day of the calendar as YYYY-MM-DD', { date: date.slice(0, 50) });
  }
}

const ISO_DATE = /^[1-9]\d{3}-\d{2}-\d{2}$/;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
// Local mean times of the 19th century were up to 15 h 57 min away from UTC; today's zones are nearer.
const OFFSET_MAX_MS = 16 * 3_600_000;

/** The tenant's local date at an instant. Throws `UnknownTimeZone`, and a `RangeError` for an invalid Date. */
export function businessDate(instant: Date, timeZone: string): BusinessDate {
  const part = { year: '', month: '', day: '' };
  for (const { type, value } of calendarOf(timeZone).formatToParts(instant)) {
    if (type === 'year' || type === 'month' || type === 'day') part[type] = value;
  }
  return `${part.year.padStart(4, '0')}-${part.month}-${part.day}`;
}

/** The year that numbers documents at an instant: the tenant's local one. Throws as {@link businessDate} does. */
export function numberingYear(instant: Date, timeZone: string): number {
  return Number(businessDate(instant, timeZone).slice(0, 4));
}

/**
 * The first instant of a local day, to be used as `[start(date), start(addDays(date, 1)))`. That is 23 or 25 hours
 * across a change of summer time, starts later where midnight is skipped, and is empty for a day that a zone left
 * out (Samoa, 30 December 2011). Throws {@link InvalidBusinessDate}, `UnknownTimeZone`.
 */
export function startOfBusinessDay(date: BusinessDate, timeZone: string): Date {
  const utcMidnight = utcMidnightOf(date);
  // Local dates do not go back, so the first instant is found by halving; offsets are whole seconds.
  let before = (utcMidnight - OFFSET_MAX_MS) / SECOND_MS;
  let from = (utcMidnight + OFFSET_MAX_MS) / SECOND_MS;
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (businessDate(new Date(middle * SECOND_MS), timeZone) < date) before = middle;
    else from = middle;
  }
  return new Date(from * SECOND_MS);
}

/** Whether the text is a day of the calendar as `YYYY-MM-DD`: 2025-02-29 is not. */
export function isBusinessDate(text: string): boolean {
  if (!ISO_DATE.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The date so many calendar days later (earlier, if negative). Throws {@link InvalidBusinessDate}. */
export function addDays(date: BusinessDate, days: number): BusinessDate {
  const later = new Date(utcMidnightOf(date) + days * DAY_MS).toISOString().replace(/T.*/, '');
  if (!isBusinessDate(later)) throw new InvalidBusinessDate(later);
  return later;
}

function utcMidnightOf(date: BusinessDate): number {
  if (!isBusinessDate(date)) throw new InvalidBusinessDate(date);
  return Date.parse(`${date}T00:00:00Z`);
}
