import { STATUS_CODES } from 'node:http';
import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/**
 * The route answers with `status` and this body; without a schema, with no body. Sets the status and documents both.
 * The topmost of several counts as the status.
 */
export function Answers(status: number, schema?: z.ZodType, description = STATUS_CODES[status] ?? ''): MethodDecorator {
  const documented = ApiResponse({ status, description, ...(schema && { standardSchema: schema }) });
  return applyDecorators(HttpCode(status), documented);
}
