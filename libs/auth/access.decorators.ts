import { applyDecorators, type CustomDecorator, SetMetadata } from '@nestjs/common';

/** Who may call a route. Every route says so; one that does not is refused when the process starts (requirement D1). */
export type RouteAccess =
  | { readonly kind: 'public' }
  | { readonly kind: 'signed-in'; readonly withApiKey?: boolean }
  | { readonly kind: 'operator' }
  | { readonly kind: 'permission'; readonly permissions: readonly string[] };

/** A method of a controller, or the controller's class. */
export type RouteTarget = object | undefined;

const ACCESS = 'quoin:access';
const WITHOUT_TENANT = 'quoin:without-tenant';

/** Anybody may call the route: sign-in, sign-up, probes, webhooks that carry a signature of their own. */
export function Public(): CustomDecorator {
  return SetMetadata<string, RouteAccess>(ACCESS, { kind: 'public' });
}

/**
 * Whoever is signed in may call the route; it concerns nobody but the caller, such as ending one's own session. An API
 * key is not signed in: it is permitted what it names, and no business of its user's account, unless the route says so.
 */
export function SignedIn({ withApiKey = false }: { readonly withApiKey?: boolean } = {}): CustomDecorator {
  return SetMetadata<string, RouteAccess>(ACCESS, { kind: 'signed-in', withApiKey });
}

/** Landlord operators alone may call the route, with a token of their own kind. It works for no tenant. */
export function OperatorOnly(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata<string, RouteAccess>(ACCESS, { kind: 'operator' }), WithoutTenant());
}

/** Callers need all of these permissions, e.g. `sales.order.write`. */
export function RequiresPermission(first: string, ...others: readonly string[]): CustomDecorator {
  return SetMetadata<string, RouteAccess>(ACCESS, { kind: 'permission', permissions: [first, ...others] });
}

/** The route works for no tenant: sign-up, webhooks, probes. Everywhere else a tenant is resolved or the call refused. */
export function WithoutTenant(): CustomDecorator {
  return SetMetadata(WITHOUT_TENANT, true);
}

/** What the route declares; the method's word goes before its controller's. */
export function accessOf(handler: RouteTarget, controller: RouteTarget): RouteAccess | undefined {
  return declarationOf(handler, controller).access;
}

/** Whether the route is declared {@link WithoutTenant}. */
export function isWithoutTenant(handler: RouteTarget, controller: RouteTarget): boolean {
  return declarationOf(handler, controller).withoutTenant;
}

interface Declaration {
  readonly access: RouteAccess | undefined;
  readonly withoutTenant: boolean;
}

const NOWHERE = {};
const known = new WeakMap<object, WeakMap<object, Declaration>>();

/** Looked up once a route: guards ask before every request, and decorators have all spoken before the first. */
function declarationOf(handler: RouteTarget, controller: RouteTarget): Declaration {
  const ofController = known.get(controller ?? NOWHERE) ?? new WeakMap<object, Declaration>();
  known.set(controller ?? NOWHERE, ofController);
  const found = ofController.get(handler ?? NOWHERE) ?? {
    access: declared<RouteAccess>(ACCESS, handler, controller),
    withoutTenant: declared<boolean>(WITHOUT_TENANT, handler, controller) ?? false,
  };
  ofController.set(handler ?? NOWHERE, found);
  return found;
}

function declared<T>(key: string, handler: RouteTarget, controller: RouteTarget): T | undefined {
  for (const target of [handler, controller]) {
    const value = target === undefined ? undefined : (Reflect.getMetadata(key, target) as T | undefined);
    if (value !== undefined) return value;
  }
  return undefined;
}
