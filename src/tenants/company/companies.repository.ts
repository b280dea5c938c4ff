import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { CompanyNotFound } from './company.errors.js';
import { Company } from './company.entity.js';

/** What a company is called from the start; the rest is filled in by its people. */
export interface FirstCompanyDetails {
  readonly legalName: string;
  readonly country: string;
  readonly email: string;
}

const OPEN = `
  insert into company (tenant_id, id, legal_name, country, email) values ($1, $2, $3, $4, $5)
  on conflict on constraint company_one_a_tenant do nothing`;

/** The one company row of the tenant. */
@Injectable()
export class Companies extends TenantRepository<Company> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Company, CompanyNotFound);
  }

  /**
   * Makes the row; false when it is there already. Of two callers at once the second waits for the first to commit or
   * to fail, so whoever gets true is alone in having to provision the tenant.
   */
  async open(first: FirstCompanyDetails): Promise<boolean> {
    const parameters = [currentTenant().id, uuidv7(), first.legalName, first.country, first.email];
    return (await this.unitOfWork.execute(OPEN, parameters)) === 1;
  }

  /** The company of the tenant. @throws CompanyNotFound */
  async current(): Promise<Company> {
    const found = await this.findOne({});
    if (!found) throw new CompanyNotFound();
    return found;
  }
}
