import { z } from 'zod';

/** A whole number from `min` to `max`, written in decimal digits. */
export function wholeNumber(min: number, max: number) {
  return z.string().transform((text, context) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}` });
    return z.NEVER;
  });
}

/** A URL with one of `protocols` (written without the colon). The message never repeats the value: it may hold a secret. */
export function url(...protocols: readonly string[]) {
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)), {
    message: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  });
}

/** A comma-separated list; blanks around the entries are dropped, an absent variable is an empty list. */
export function listOf(isValid: (entry: string) => boolean, message: string) {
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .refine((entries) => entries.every(isValid), { message });
}

/** `true` or `false`, nothing else. */
export function flag() {
  return z.enum(['true', 'false'], { message: 'must be true or false' }).transform((text) => text === 'true');
}

/** Any text that is there. */
export function text() {
  return z.string();
}
