import { Injectable } from '@nestjs/common';
import { Landlord, TenantDirectory } from '#libs/tenancy';
import { TenantNotOpen } from './landlord-tenant.errors.js';
import { type LandlordTenant, LandlordTenants } from './landlord-tenant.queries.js';

const CHANGE =
  'update tenant set status = $3, version = version + 1, updated_at = now() where slug = $1 and status = $2';

/** Stops serving a tenant, or serves it again. Its data stay as they are. Every process knows within two seconds. */
@Injectable()
export class SuspendTenant {
  constructor(
    private readonly landlord: Landlord,
    private readonly tenants: LandlordTenants,
    private readonly directory: TenantDirectory,
  ) {}

  /** Again changes nothing. @throws TenantUnknown, TenantNotOpen */
  async suspend(slug: string, reason: string): Promise<LandlordTenant> {
    return this.change(slug, 'active', 'suspended', `a tenant is suspended: ${reason}`);
  }

  /** Again changes nothing. @throws TenantUnknown, TenantNotOpen */
  async resume(slug: string): Promise<LandlordTenant> {
    return this.change(slug, 'suspended', 'active', 'a suspended tenant is served again');
  }

  private async change(
    slug: string,
    from: 'active' | 'suspended',
    to: 'active' | 'suspended',
    reason: string,
  ): Promise<LandlordTenant> {
    const { status } = await this.tenants.bySlug(slug);
    if (status === 'provisioning') throw new TenantNotOpen(slug);
    if (status !== to) {
      // A race of two operators ends in the wish of the one who came last; both are on the record.
      await this.landlord.withoutTenancy(reason, (transaction) => transaction.execute(CHANGE, [slug, from, to]));
    }
    this.directory.forget();
    return this.tenants.bySlug(slug);
  }
}
