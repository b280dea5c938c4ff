import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '#libs/auth';
import type { TenantIdentity } from '#libs/context';
import { uuidv7 } from '#libs/kernel';
import { type PlacementWishes, TenantDatabaseResolver } from '#libs/tenancy';
import { FinishSignUp } from './finish-sign-up.js';
import { checkNewTenant, type NewTenant } from './new-tenant.js';
import { requirePassword } from './password-rule.js';
import { SlugTaken } from './sign-up.errors.js';
import { type OpenSignUp, SignUps } from './sign-ups.repository.js';

/** Makes a tenant: sign-up over HTTP, the importer's `--tenant`, the demo company. */
@Injectable()
export class ProvisionTenant {
  constructor(
    private readonly signUps: SignUps,
    private readonly finish: FinishSignUp,
    private readonly passwords: PasswordHasher,
    private readonly resolver: TenantDatabaseResolver,
  ) {}

  /**
   * Gives the open tenant, or one that is still `provisioning` when its own schema or database has to be made by a process
   * with the owner's login. The same request by the same administrator, told by e-mail and password, continues a sign-up
   * that broke off. Of several that start at once with one slug, one succeeds.
   * @param wishes of operators: where the tenant is to live
   * @throws SlugTaken, SlugNotAllowed, UnknownCurrency, UnknownTimeZone, PasswordTooShort, PasswordWidelyUsed,
   *   NoPlaceForTenant
   */
  async execute(request: NewTenant, wishes: PlacementWishes = {}): Promise<TenantIdentity> {
    checkNewTenant(request);
    requirePassword(request.admin.password, [request.admin.email, request.admin.name, request.name]);
    const known = await this.signUps.bySlug(request.slug);
    if (!known) return this.finish.execute(await this.begin(request, wishes));
    if (!known.open || !(await this.isSameAdministrator(known.open, request))) throw new SlugTaken(request.slug);
    const open = await this.signUps.attempt(known.tenant.id);
    return open ? this.finish.execute(open) : { ...known.tenant, status: 'active' };
  }

  /**
   * For operators, whom the installation trusts without the administrator's password: gives the tenant of the slug, its
   * sign-up finished when it broke off; undefined when the slug is free.
   */
  async resume(slug: string): Promise<TenantIdentity | undefined> {
    const known = await this.signUps.bySlug(slug);
    if (!known?.open) return known?.tenant;
    const open = await this.signUps.attempt(known.tenant.id);
    return open ? this.finish.execute(open) : { ...known.tenant, status: 'active' };
  }

  private async begin(request: NewTenant, wishes: PlacementWishes): Promise<OpenSignUp> {
    const { slug, name, currency, timeZone, country, admin } = request;
    const id = uuidv7();
    const placement = await this.resolver.placementForTenant(id, { country, ...wishes });
    const tenant: TenantIdentity = { id, slug, name, currency, timeZone, status: 'provisioning', placement };
    const input = {
      companyName: name,
      country,
      adminEmail: admin.email,
      adminName: admin.name,
      adminPasswordHash: await this.passwords.hash(admin.password),
    };
    await this.signUps.begin(tenant, input);
    return { tenant, input };
  }

  private async isSameAdministrator({ input }: OpenSignUp, { admin }: NewTenant): Promise<boolean> {
    const matches = await this.passwords.verify(input.adminPasswordHash, admin.password);
    return matches && admin.email.toLowerCase() === input.adminEmail.toLowerCase();
  }
}
