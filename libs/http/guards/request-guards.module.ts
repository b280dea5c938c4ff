import {
  type CanActivate,
  type DynamicModule,
  Module,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  ApiKeyVerifier,
  AuthenticationGuard,
  AuthModule,
  InvalidToken,
  OperatorVerifier,
  PermissionGuard,
  RequestTenant,
  RequestToken,
  SessionLookAheadGuard,
  SessionVerifier,
  TenantGuard,
  TenantLookup,
} from '#libs/auth';
import { RateLimitGuard, ThrottlingModule } from '#libs/throttling';
import { PositionLookAheadGuard, ReadRoutingGuard } from '../consistency/read-routing.js';
import { SessionPositions } from '../consistency/session-positions.js';
import { REQUEST_GUARDS, RequestGuard } from './request-guard.js';

/** Who answers the guards' questions. */
export interface RequestGuardsOptions {
  /** `TenantDirectory` of libs/tenancy. */
  readonly tenants: Type<TenantLookup>;
  /** The session verifier of the identity capability. */
  readonly sessions: Type<SessionVerifier>;
  /** The operator verifier of the identity capability. Without one, no operator is let in. */
  readonly operators?: Type<OperatorVerifier>;
  /** The verifier of API keys of the identity capability. Without one, no key is taken. */
  readonly apiKeys?: Type<ApiKeyVerifier>;
  /** Modules that export them, unless they are global. */
  readonly imports?: ModuleMetadata['imports'];
}

/** How often, which tenant, who calls, and may they. */
const IN_ORDER: readonly Type<CanActivate>[] = [
  SessionLookAheadGuard,
  PositionLookAheadGuard,
  RateLimitGuard,
  TenantGuard,
  AuthenticationGuard,
  PermissionGuard,
  ReadRoutingGuard,
];

/** For applications without a landlord's door. */
const NO_OPERATORS: Provider<OperatorVerifier> = {
  provide: OperatorVerifier,
  useValue: { verify: () => Promise.reject(new InvalidToken()) },
};

/** For applications that nobody calls with a key. */
const NO_API_KEYS: Provider<ApiKeyVerifier> = {
  provide: ApiKeyVerifier,
  useValue: { verify: () => Promise.reject(new InvalidToken()) },
};

/** The guards that every request of the API passes. */
@Module({})
export class RequestGuards {
  static forRoot({ tenants, sessions, operators, apiKeys, imports = [] }: RequestGuardsOptions): DynamicModule {
    return {
      module: RequestGuards,
      imports: [AuthModule, ThrottlingModule, ...imports],
      providers: [
        RequestToken,
        RequestTenant,
        { provide: TenantLookup, useExisting: tenants },
        { provide: SessionVerifier, useExisting: sessions },
        operators ? { provide: OperatorVerifier, useExisting: operators } : NO_OPERATORS,
        apiKeys ? { provide: ApiKeyVerifier, useExisting: apiKeys } : NO_API_KEYS,
        SessionPositions,
        ...IN_ORDER,
        { provide: REQUEST_GUARDS, inject: [...IN_ORDER], useFactory: (...guards: CanActivate[]) => guards },
        RequestGuard,
        { provide: APP_GUARD, useExisting: RequestGuard },
      ],
    };
  }
}
