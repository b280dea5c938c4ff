import { type CustomDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';

/** Which limit a route has: the usual one, or the stricter one of sign-in and its like. */
export type LimitProfile = 'default' | 'login';

const PROFILE = 'quoin:limit-profile';

/** The route has API_LOGIN_RATE_LIMIT instead of API_RATE_LIMIT: sign-in, sign-up, password reset (requirement D2). */
export function LoginLimit(): CustomDecorator {
  return SetMetadata<string, LimitProfile>(PROFILE, 'login');
}

/** The route has no limit. For probes, which a balancer asks for more often than any client. */
export function Unlimited(): MethodDecorator & ClassDecorator {
  return SkipThrottle();
}

/** The limit that the route asked for. */
export function limitProfileOf(context: ExecutionContext): LimitProfile {
  for (const target of [context.getHandler(), context.getClass()]) {
    const profile = Reflect.getMetadata(PROFILE, target) as LimitProfile | undefined;
    if (profile) return profile;
  }
  return 'default';
}
