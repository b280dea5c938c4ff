import { Injectable } from '@nestjs/common';
import { Cache } from '#libs/cache';
import { UnitOfWork } from '#libs/database';
import { Companies } from './companies.repository.js';
import type { Company } from './company.entity.js';

/** The company as others print it and the API shows it. */
export interface CompanyDetails {
  readonly legalName: string;
  /** Without the country. */
  readonly addressLines: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly taxNumber: string | null;
  readonly email: string | null;
  readonly paymentTermsDays: number;
  readonly invoiceFooter: string | null;
  readonly version: number;
  readonly updatedAt: Date;
}

/** What is cached of the company is flushed by this tag. */
export const COMPANY_TAG = 'company';

const KEPT_S = 3_600;

/** As it is kept: a date as text. Another shape gets another key. */
type KeptDetails = Omit<CompanyDetails, 'updatedAt'> & { readonly updatedAt: string };

/** Reads of the tenant's company, for screens and other capabilities. */
@Injectable()
export class CompanyQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly companies: Companies,
    private readonly cache: Cache,
  ) {}

  /**
   * The company of the current tenant: inside a unit of work as that sees it, outside from the cache. @throws CompanyNotFound
   */
  async current(): Promise<CompanyDetails> {
    const kept = await this.cache.remember('company:details-1', KEPT_S, [COMPANY_TAG], () => this.read());
    return { ...kept, updatedAt: new Date(kept.updatedAt) };
  }

  private async read(): Promise<KeptDetails> {
    const details = await this.unitOfWork.read(async () => detailsOf(await this.companies.current()));
    return { ...details, updatedAt: details.updatedAt.toISOString() };
  }
}

/** What the world may see of a company row. */
export function detailsOf(company: Company): CompanyDetails {
  const { legalName, addressLines, country, taxNumber, email, paymentTermsDays, invoiceFooter } = company;
  const { version, updatedAt } = company;
  return { legalName, addressLines, country, taxNumber, email, paymentTermsDays, invoiceFooter, version, updatedAt };
}
