import { Injectable } from '@nestjs/common';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  clockTolerance,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  type ServerMetadata,
} from 'openid-client';
import { AppConfig } from '#libs/config';
import { GuardedFetch } from '#libs/egress';
import { ClientSecrets } from '../identity-providers/client-secrets.js';
import type { IdentityProvider } from '../identity-providers/identity-provider.entity.js';
import { type OidcPerson, personOf } from './oidc-person.js';

/** What one authorization has to bring back. */
export interface AuthorizationChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

const SCOPE = 'openid email profile';
const CLOCK_TOLERANCE_S = 5;
/** What a provider says about itself is asked again after this; milliseconds. Its keys are asked for each time. */
const METADATA_FRESH_MS = 300_000;
const METADATA_MAX = 100;

/**
 * Talks to identity providers: discovery, authorization code with PKCE, state and nonce, signature of the ID token. Every
 * request goes where tenants may send requests.
 */
@Injectable()
export class OidcClient {
  /** Public facts of public servers, by issuer; nothing of a tenant. */
  private readonly metadata = new Map<string, { readonly value: ServerMetadata; readonly until: number }>();

  constructor(
    private readonly egress: GuardedFetch,
    private readonly secrets: ClientSecrets,
    private readonly config: AppConfig,
  ) {}

  /** Where the browser goes. Throws what openid-client throws. */
  async authorizationUrl(
    provider: IdentityProvider,
    redirectUri: string,
    checks: AuthorizationChecks,
  ): Promise<string> {
    const configuration = await this.configurationOf(provider);
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      response_type: 'code',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
    });
    // The provider named it: a browser must not be sent to `javascript:` or into our network either.
    return this.egress.requireAllowed(url.href).href;
  }

  /**
   * Who came back. Throws what openid-client throws.
   * @param response the query with which the browser came back
   */
  async redeem(
    provider: IdentityProvider,
    redirectUri: string,
    response: string,
    checks: AuthorizationChecks,
  ): Promise<OidcPerson> {
    const configuration = await this.configurationOf(provider);
    const url = new URL(redirectUri);
    url.search = response;
    const tokens = await authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: checks.codeVerifier,
      expectedState: checks.state,
      expectedNonce: checks.nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error('no ID token');
    const asksMore = claims['email'] === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
    const more = asksMore ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : {};
    return personOf({ ...claims, ...more });
  }

  private async configurationOf(provider: IdentityProvider): Promise<Configuration> {
    const metadata = await this.metadataOf(provider);
    const secret = this.secrets.of(provider);
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const withSecret = methods.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost;
    const authentication = secret === undefined ? None() : withSecret(secret);
    const client = { [clockTolerance]: CLOCK_TOLERANCE_S };
    const configuration = new Configuration(metadata, provider.clientId, client, authentication);
    configuration[customFetch] = this.fetch;
    // The signature counts also where TLS has shown whose answer it is: a proxy on the way may be nobody's friend.
    enableNonRepudiationChecks(configuration);
    if (this.config.egress.plainHttp) allowInsecureRequests(configuration);
    return configuration;
  }

  private async metadataOf({ issuer, clientId }: IdentityProvider): Promise<ServerMetadata> {
    const known = this.metadata.get(issuer);
    if (known && known.until > Date.now()) return known.value;
    this.egress.requireAllowed(issuer);
    const execute = this.config.egress.plainHttp ? [allowInsecureRequests] : [];
    const options = { [customFetch]: this.fetch, execute };
    const found = await discovery(new URL(issuer), clientId, undefined, undefined, options);
    const value = { ...found.serverMetadata() };
    if (this.metadata.size >= METADATA_MAX) this.metadata.clear();
    this.metadata.set(issuer, { value, until: Date.now() + METADATA_FRESH_MS });
    return value;
  }

  private readonly fetch = (
    url: string,
    request: {
      readonly method: string;
      readonly headers: Record<string, string>;
      readonly body?: unknown;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<Response> => {
    const { method, headers, body, signal } = request;
    const text = body instanceof URLSearchParams || typeof body === 'string' ? String(body) : undefined;
    return this.egress.fetch(url, { method, headers, signal, ...(text !== undefined && { body: text }) });
  };
}
