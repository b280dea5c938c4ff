import { ResponseBodyError } from 'openid-client';
import { AddressRefused, EgressFailed } from '#libs/egress';
import { SecretUnreadable } from '#libs/secrets';
import { logger } from '#libs/telemetry';
import { AuthorizationRefused, IdentityProviderUnavailable } from './oidc.errors.js';

/** Refusals of the provider that are about our client, not about the person (RFC 6749, 5.2). */
const ABOUT_THE_CLIENT = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'server_error']);
/** What a provider's server answers that is no word on the person: no JSON, no 200, no discovery document. */
const ABOUT_THE_SERVER = new Set([
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_INVALID_SERVER_METADATA',
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_PARSE_ERROR',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
  // 401 from the token endpoint: our client's secret is not theirs (RFC 6749, 5.2).
  'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
]);
const DEPTH_MAX = 5;

/** What to tell somebody whose sign-in failed at a provider. The reason is for the log: it may tell of our network. */
export function refusalOf(error: unknown): Error {
  // A fault of this installation, which hides behind nobody.
  if (error instanceof SecretUnreadable) return error;
  const unavailable = isAboutTheProvider(error);
  logger().warn({ err: error }, `an identity provider ${unavailable ? 'cannot be used' : 'was not believed'}`);
  return unavailable ? new IdentityProviderUnavailable({ cause: error }) : new AuthorizationRefused({ cause: error });
}

function isAboutTheProvider(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > DEPTH_MAX) return false;
  if (error instanceof AddressRefused || error instanceof EgressFailed) return true;
  if (error instanceof ResponseBodyError) return ABOUT_THE_CLIENT.has(error.error);
  const { code } = error as Error & { readonly code?: unknown };
  if (typeof code === 'string' && ABOUT_THE_SERVER.has(code)) return true;
  return isAboutTheProvider(error.cause, depth + 1);
}
