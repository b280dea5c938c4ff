import { z } from 'zod';

// Control characters, NUL first of all: PostgreSQL stores no NUL, and no name needs the others.
const CONTROL = /[\p{Cc}]/u;
const CONTROL_IN_TEXT = /[^\P{Cc}\t\n\r]/u;

/** Bounds of a text, in UTF-16 code units after trimming. */
export interface TextBounds {
  /** Default 1: the text may not be empty. */
  readonly min?: number;
  readonly max: number;
  /** Line breaks and tabs are fine. Default false. */
  readonly multiline?: boolean;
}

/** Text as people type it: trimmed, NFC, without control characters (requirement D3). */
export function text({ min = 1, max, multiline = false }: TextBounds) {
  const forbidden = multiline ? CONTROL_IN_TEXT : CONTROL;
  return z
    .string()
    .refine((value) => !forbidden.test(value) && value.isWellFormed(), {
      message: 'Control characters are not allowed',
    })
    .trim()
    .normalize('NFC')
    .min(min)
    .max(max);
}
