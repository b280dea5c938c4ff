import { Injectable } from '@nestjs/common';
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

/** Reads of the tenant's company, for screens and other capabilities. */
@Injectable()
export class CompanyQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly companies: Companies,
  ) {}

  /** The company of the current tenant. Joins an open unit of work. @throws CompanyNotFound */
  async current(): Promise<CompanyDetails> {
    return this.unitOfWork.read(async () => detailsOf(await this.companies.current()));
  }
}

/** What the world may see of a company row. */
export function detailsOf(company: Company): CompanyDetails {
  const { legalName, addressLines, country, taxNumber, email, paymentTermsDays, invoiceFooter } = company;
  const { version, updatedAt } = company;
  return { legalName, addressLines, country, taxNumber, email, paymentTermsDays, invoiceFooter, version, updatedAt };
}
