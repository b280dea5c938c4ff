import { type DynamicModule, Module, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  AuthenticationGuard,
  AuthModule,
  InvalidToken,
  OperatorVerifier,
  PermissionGuard,
  RequestTenant,
  RequestToken,
  SessionVerifier,
  TenantGuard,
  TenantLookup,
} from '#libs/auth';
import { RateLimitGuard, ThrottlingModule } from '#libs/throttling';

/** Who answers the guards' questions. */
export interface RequestGuardsOptions {
  /** `TenantDirectory` of libs/tenancy. */
  readonly tenants: Type<TenantLookup>;
  /** The session verifier of the identity capability. */
  readonly sessions: Type<SessionVerifier>;
  /** The operator verifier of the identity capability. Without one, no operator is let in. */
  readonly operators?: Type<OperatorVerifier>;
  /** Modules that export them, unless they are global. */
  readonly imports?: ModuleMetadata['imports'];
}

/** For applications without a landlord's door. */
const NO_OPERATORS: Provider<OperatorVerifier> = {
  provide: OperatorVerifier,
  useValue: { verify: () => Promise.reject(new InvalidToken()) },
};

/**
 * The guards that every request of the API passes, in this order: how often, which tenant, who calls, and may they.
 */
@Module({})
export class RequestGuards {
  static forRoot({ tenants, sessions, operators, imports = [] }: RequestGuardsOptions): DynamicModule {
    return {
      module: RequestGuards,
      imports: [AuthModule, ThrottlingModule, ...imports],
      providers: [
        RequestToken,
        RequestTenant,
        { provide: TenantLookup, useExisting: tenants },
        { provide: SessionVerifier, useExisting: sessions },
        operators ? { provide: OperatorVerifier, useExisting: operators } : NO_OPERATORS,
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_GUARD, useClass: TenantGuard },
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_GUARD, useClass: PermissionGuard },
      ],
    };
  }
}
