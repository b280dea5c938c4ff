import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { Invoice } from './invoice.entity.js';
import { InvoicesRepository } from './invoices.repository.js';

/** Which invoices; what is left out does not matter. */
export interface InvoiceFilter {
  readonly orderId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly number?: string | undefined;
  readonly externalRef?: string | undefined;
  readonly issuedOn?: string | undefined;
}

/** Reads of invoices. */
@Injectable()
export class InvoiceQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly invoices: InvoicesRepository,
  ) {}

  /** With lines and taxes. @throws InvoiceNotFound */
  async get(id: string): Promise<Invoice> {
    return this.unitOfWork.read(async () => {
      const invoice = await this.invoices.get(id);
      await this.invoices.complete([invoice]);
      return invoice;
    });
  }

  /** The latest first, without lines. */
  async page(filter: InvoiceFilter, limit: number, cursor?: string): Promise<Page<Invoice>> {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    const where: FindOptionsWhere<Invoice> = Object.fromEntries(given);
    return this.unitOfWork.read(() => this.invoices.page({ limit, cursor, where }));
  }
}
