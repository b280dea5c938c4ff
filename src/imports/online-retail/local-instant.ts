import { startOfBusinessDay } from '#libs/kernel';

const days = new Map<string, number>();
const DAYS_MAX = 1_000;

/**
 * The instant of a local time of the source. Exact but on the two days a year on which summer time changes, where it can be
 * an hour off; the local date is right always.
 */
export function localInstant(local: string, timeZone: string): Date {
  const date = local.slice(0, 10);
  const key = `${timeZone} ${date}`;
  let start = days.get(key);
  if (start === undefined) {
    if (days.size >= DAYS_MAX) days.clear();
    start = startOfBusinessDay(date, timeZone).getTime();
    days.set(key, start);
  }
  return new Date(start + Date.parse(`${local}Z`) - Date.parse(`${date}T00:00:00Z`));
}
