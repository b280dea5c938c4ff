import { STATUS_CODES } from 'node:http';
import type { JsonObject } from '#libs/kernel';
import { z } from 'zod';
import type { RequestFault } from './http.errors.js';

/** Media type of every refusal (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

/** What is refused, before it is written for one request. */
export interface Problem {
  readonly status: number;
  /** Stable and dotted. */
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly RequestFault[];
  readonly details?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A problem as it is sent (RFC 9457, with `code`, `correlationId`, `errors` and `details` as extensions). */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('URN of the kind of problem'),
    title: z.string().describe('The kind of problem, for people'),
    status: z.int(),
    detail: z.string().describe('This occurrence, for people'),
    instance: z.string().describe('Path of the request'),
    code: z.string().describe('Stable code of the kind of problem, for programs'),
    correlationId: z.string().describe('Quote it when you ask for help'),
    errors: z
      .array(z.strictObject({ path: z.string(), code: z.string(), message: z.string() }))
      .optional()
      .describe('Everything that is wrong with the request'),
    details: z.record(z.string(), z.unknown()).optional().describe('Facts of this occurrence, for programs'),
  })
  .meta({ id: 'Problem' });

/** A problem document. */
export type ProblemDocument = z.output<typeof problemSchema>;

/** `sales.order.not_confirmable` → `Sales order not confirmable`. */
export function titleOf(code: string): string {
  const words = code.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The problem as the answer to the request on `instance`. */
export function problemDocument(problem: Problem, instance: string, correlationId: string): ProblemDocument {
  const { status, code, detail, errors, details } = problem;
  return {
    type: `urn:quoin:problem:${code}`,
    title: titleOf(code),
    status,
    detail: detail === '' ? (STATUS_CODES[status] ?? 'Error') : detail,
    instance,
    code,
    correlationId,
    ...(errors && { errors: [...errors] }),
    ...(details && Object.keys(details).length > 0 && { details: { ...details } }),
  };
}
