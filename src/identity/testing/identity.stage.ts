import type { ModuleMetadata } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { type NewTenant, ProvisionTenant, SignUpModule } from '#erp/tenants';
import { tenantsSchema } from '#erp/tenants/schema';
import { newTenant } from '#erp/tenants/testing';
import { AccessTokens, SessionVerifier } from '#libs/auth';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import type { Principal, TenantIdentity } from '#libs/context';
import { inTenant, tenancySchema } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testStack } from '#libs/testing';
import { identitySchema } from '../schema.js';
import { SessionsModule } from '../sessions.module.js';
import type { SessionTokens } from '../sessions/session-tokens.js';
import { SignIn } from '../sessions/sign-in.js';

/** The password of everybody on the stage. */
export const PASSWORD = 'correct horse battery staple';

/** A database and one node on it, with tenants that signed up for real. */
export class IdentityStage {
  private readonly nodes: TestingModule[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async open(env: Readonly<Record<string, string>> = {}): Promise<IdentityStage> {
    const database = await createTestDatabase([tenancySchema, tenantsSchema, identitySchema]);
    return new IdentityStage(database, { ...testStack().env, ...env });
  }

  /** One more process of the same installation. */
  async node(env: Readonly<Record<string, string>> = {}, more: ModuleMetadata = {}): Promise<TestingModule> {
    const config = ConfigModule.forRoot(testConfig({ ...this.env, ...env }));
    const imports = [config, SignUpModule, SessionsModule, ...(more.imports ?? [])];
    const node = await testingModule(this.database, { ...more, imports });
    this.nodes.push(node);
    return node;
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.database.drop();
  }
}

/** A tenant whose owner is ada@acme.example. */
export function signUp(node: TestingModule, overrides: Partial<NewTenant> = {}): Promise<TenantIdentity> {
  return node.get(ProvisionTenant).execute(newTenant(overrides));
}

/** Signs somebody in. */
export function signIn(
  node: TestingModule,
  tenant: TenantIdentity,
  email = 'ada@acme.example',
  password = PASSWORD,
): Promise<SessionTokens> {
  return inTenant(tenant, () => node.get(SignIn).execute({ email, password, ip: '192.0.2.1', userAgent: 'spec' }));
}

/** Who a pair of tokens is for, as the guards of a node find out. */
export async function principalOf(
  node: TestingModule,
  tenant: TenantIdentity,
  tokens: SessionTokens,
): Promise<Principal> {
  const claims = await node.get(AccessTokens).verify(tokens.accessToken);
  return inTenant(tenant, () => node.get(SessionVerifier).verify(claims));
}

/** Ids of the tenant's roles by their names. */
export async function roleIds(stage: IdentityStage, tenant: TenantIdentity): Promise<Record<string, string>> {
  const rows = await stage.database.asSuperuser<{ id: string; name: string }>(
    'select id, name from role where tenant_id = $1',
    [tenant.id],
  );
  return Object.fromEntries(rows.map(({ id, name }) => [name, id]));
}
