import { type CustomDecorator, SetMetadata, type Type } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import type { NamedLimit } from './limits/limit-names.js';

const NAMED = 'quoin:rate-limit';
/** Where `SkipThrottle` leaves its word. */
const SKIPPED = 'THROTTLER:SKIPdefault';

interface NamedLimitOfRoute {
  readonly name: NamedLimit;
  readonly parameter?: string;
}

function stricter(named: NamedLimitOfRoute): CustomDecorator {
  return SetMetadata<string, NamedLimitOfRoute>(NAMED, named);
}

/** Signing in, second factors, refreshing: by address, whatever token comes along (requirement D2). */
export function LoginLimit(): CustomDecorator {
  return stricter({ name: 'login' });
}

/** Signing up, and confirming an address: by address. */
export function RegistrationLimit(): CustomDecorator {
  return stricter({ name: 'registration' });
}

/** Asking for a new password, and setting it: by address. */
export function ResetLimit(): CustomDecorator {
  return stricter({ name: 'reset' });
}

/** Searching: by user, or by address without a valid token; requests whose query has this parameter. */
export function SearchLimit(parameter: string): CustomDecorator {
  return stricter({ name: 'search', parameter });
}

/** The route has no limit. For probes, which a balancer asks for more often than any client. */
export function Unlimited(): MethodDecorator & ClassDecorator {
  return SkipThrottle();
}

/** What a route says about its limits. */
export interface RouteLimits {
  readonly unlimited: boolean;
  /** The stricter limit that it has on top of the usual ones. */
  readonly named: NamedLimit | undefined;
  /** The stricter limit is of requests whose query has this parameter alone. */
  readonly parameter: string | undefined;
  /** Whether callers are counted by address, whatever token comes along: tokens of many users lift no such limit. */
  readonly byAddress: boolean;
}

/** Read from the method, then its class. */
export function limitsOfRoute(handler: object, controller: Type): RouteLimits {
  const { name, parameter } = declared<NamedLimitOfRoute>(NAMED, handler, controller) ?? {};
  return {
    unlimited: declared<boolean>(SKIPPED, handler, controller) ?? false,
    named: name,
    parameter,
    byAddress: name !== undefined && name !== 'search',
  };
}

function declared<T>(key: string, handler: object, controller: Type): T | undefined {
  return (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller)) as T | undefined;
}
