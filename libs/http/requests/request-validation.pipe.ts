import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { type RequestFault, RequestInvalid } from '../problems/http.errors.js';

const FAULTS_MAX = 50;

/** What zod adds to an issue of Standard Schema. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
}

function pathOfIssue(issue: Issue, prefix: readonly string[]): string[] {
  const path = issue.path ?? [];
  return [...prefix, ...path.map((part) => String(typeof part === 'object' ? part.key : part))];
}

function faultsOfIssue(issue: Issue, prefix: readonly string[]): RequestFault[] {
  const path = pathOfIssue(issue, prefix);
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({
      path: [...path, key].join('.'),
      code: 'unknown_field',
      message: 'This field is not known here',
    }));
  }
  return [{ path: path.join('.'), code: issue.code ?? 'invalid', message: issue.message }];
}

/**
 * Validates bodies, queries and path parameters by the zod schema of their decorator and passes the parsed value on.
 *
 * @throws RequestInvalid listing everything that is wrong
 */
export class RequestValidationPipe implements PipeTransform {
  async transform(value: unknown, { schema, data, type }: ArgumentMetadata): Promise<unknown> {
    if (!schema) return value;
    const result = await schema['~standard'].validate(value);
    if (!result.issues) return result.value;
    const prefix = type !== 'custom' && data !== undefined ? [data] : [];
    const faults = result.issues.slice(0, FAULTS_MAX).flatMap((issue) => faultsOfIssue(issue as Issue, prefix));
    throw new RequestInvalid(faults.slice(0, FAULTS_MAX));
  }
}
