import { Injectable } from '@nestjs/common';
import { CacheInvalidation } from '#libs/cache';
import { UnitOfWork } from '#libs/database';
import { requireVersion } from '#libs/kernel';
import { Companies } from './companies.repository.js';
import { COMPANY_TAG, type CompanyDetails, detailsOf } from './company.queries.js';

/** The editable part of a company: all of it, replaced at once. */
export type CompanyUpdate = Omit<CompanyDetails, 'version' | 'updatedAt'>;

/** Replaces what the company says about itself. Documents that were issued keep what they said. */
@Injectable()
export class UpdateCompany {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly companies: Companies,
    private readonly invalidation: CacheInvalidation,
  ) {}

  /**
   * @param expectedVersion the version that the caller has seen; undefined accepts any
   * @throws PreconditionFailed, ConcurrentModification, CompanyNotFound
   */
  async execute(update: CompanyUpdate, expectedVersion: number | undefined): Promise<CompanyDetails> {
    return this.unitOfWork.run(async () => {
      const company = await this.companies.current();
      requireVersion(company.version, expectedVersion);
      Object.assign(company, update, { addressLines: [...update.addressLines] });
      await this.companies.update(company);
      await this.invalidation.outdate(company.id, [COMPANY_TAG]);
      return detailsOf(company);
    });
  }
}
