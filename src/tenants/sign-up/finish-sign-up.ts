import { Injectable } from '@nestjs/common';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { inTenant, type ProvisioningInput, ProvisioningSteps, TenantDirectory, TenantPlaces } from '#libs/tenancy';
import { Companies } from '../company/companies.repository.js';
import { type OpenSignUp, SignUps } from './sign-ups.repository.js';

/**
 * Takes a sign-up from the landlord's rows to an open tenant. Two databases, no common transaction: first the tenant's
 * rows, in one unit of work, then the landlord's word that it is open. Whoever comes after a failure does the same
 * again; the company row tells that the tenant's part is done.
 */
@Injectable()
export class FinishSignUp {
  constructor(
    private readonly signUps: SignUps,
    private readonly unitOfWork: UnitOfWork,
    private readonly companies: Companies,
    private readonly steps: ProvisioningSteps,
    private readonly directory: TenantDirectory,
    private readonly places: TenantPlaces,
  ) {}

  /**
   * Several callers at once do the work once. A tenant with a schema or database of its own stays `provisioning` until a
   * process comes by that has the owner's login and can make it.
   * @throws what a provisioning step throws; it is noted at the landlord
   */
  async execute({ tenant, input }: OpenSignUp): Promise<TenantIdentity> {
    const needsPlace = tenant.placement.model !== 'shared';
    if (needsPlace && !this.places.canMake) return tenant;
    const open: TenantIdentity = { ...tenant, status: 'active' };
    try {
      if (needsPlace) await this.places.prepare(tenant.placement);
      await inTenant(open, () => this.unitOfWork.run(() => this.provision(input)));
    } catch (error) {
      await this.signUps.recordFailure(tenant.id, String(error));
      throw error;
    }
    await this.signUps.finish(tenant.id);
    this.directory.forget();
    return open;
  }

  private async provision(input: ProvisioningInput): Promise<void> {
    const { companyName, country, adminEmail } = input;
    const first = await this.companies.open({ legalName: companyName, country, email: adminEmail });
    if (!first) return;
    for (const step of this.steps.inOrder()) await step.run(input);
  }
}
