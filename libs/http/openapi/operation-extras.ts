import { accessOf, isWithoutTenant } from '#libs/auth';
import type { DomainErrorDeclaration } from '#libs/kernel';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Route } from '../app/routes.js';
import { PROBLEM_TYPE, titleOf } from '../problems/problem.js';
import { STATUS_OF_KIND } from '../problems/problem-of.js';
import { refusalsOf } from '../requests/refuses.decorator.js';

type PathItem = OpenAPIObject['paths'][string];
/** An operation of the document. */
export type Operation = NonNullable<PathItem['get']>;
type Responses = Operation['responses'];

/** Name of the bearer scheme in the document. */
export const BEARER = 'bearer';

const COMMON = {
  invalid: { code: 'request.invalid', kind: 'invalid' },
  tenantRequired: { code: 'tenant.required', kind: 'invalid' },
  unauthenticated: { code: 'auth.required', kind: 'unauthenticated' },
  forbidden: { code: 'auth.forbidden', kind: 'forbidden' },
  tenantUnknown: { code: 'tenant.unknown', kind: 'not_found' },
  tenantSuspended: { code: 'tenant.suspended', kind: 'forbidden' },
  tenantMismatch: { code: 'tenant.mismatch', kind: 'forbidden' },
  tooMany: { code: 'rate_limit.exceeded', kind: 'too_many_requests' },
  unavailable: { code: 'service.unavailable', kind: 'unavailable' },
} as const satisfies Record<string, DomainErrorDeclaration>;

function commonRefusals(route: Route): DomainErrorDeclaration[] {
  const access = accessOf(route.handler, route.controller);
  const withTenant = !isWithoutTenant(route.handler, route.controller);
  return [
    ...(route.inputs.length > 0 ? [COMMON.invalid] : []),
    ...(withTenant ? [COMMON.tenantRequired, COMMON.tenantUnknown, COMMON.tenantSuspended, COMMON.tenantMismatch] : []),
    ...(access?.kind === 'public' ? [] : [COMMON.unauthenticated]),
    ...(access?.kind === 'permission' ? [COMMON.forbidden] : []),
    COMMON.tooMany,
    COMMON.unavailable,
  ];
}

function problemContent(description: string): Responses[string] {
  return { description, content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } };
}

/** The codes that a route may answer with, by status. */
export function refusedCodes(route: Route): ReadonlyMap<number, readonly string[]> {
  const refusals = [...commonRefusals(route), ...refusalsOf(route.handler, route.controller)];
  const byStatus = new Map<number, string[]>();
  for (const { code, kind } of refusals) {
    const codes = byStatus.get(STATUS_OF_KIND[kind]) ?? [];
    if (!codes.includes(code)) byStatus.set(STATUS_OF_KIND[kind], [...codes, code].sort());
  }
  return byStatus.set(500, ['internal']);
}

function problemResponses(route: Route): Responses {
  const responses = [...refusedCodes(route)].map(([status, codes]) => [
    String(status),
    problemContent(codes.map((code) => `\`${code}\` ${titleOf(code)}`).join('  \n')),
  ]);
  return Object.fromEntries(responses) as Responses;
}

const TENANT_PARAMETER = { $ref: '#/components/parameters/Tenant' };

/** Adds to an operation what the decorators of its route promise: who may call it, for which tenant, what it refuses. */
export function withExtras(operation: Operation, route: Route): Operation {
  const access = accessOf(route.handler, route.controller);
  const parameters = (operation.parameters ?? []).toSorted((a, b) => keyOf(a).localeCompare(keyOf(b), 'en'));
  return {
    ...operation,
    security: access?.kind === 'public' ? [] : [{ [BEARER]: [] }],
    parameters: isWithoutTenant(route.handler, route.controller) ? parameters : [...parameters, TENANT_PARAMETER],
    responses: { ...problemResponses(route), ...operation.responses },
    ...(access?.kind === 'permission' && { 'x-permissions': [...access.permissions] }),
  };
}

function keyOf(parameter: object): string {
  const { in: place = '', name = '' } = parameter as { in?: string; name?: string };
  return `${place}.${name}`;
}
