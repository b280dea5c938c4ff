import { Injectable } from '@nestjs/common';
import type { Invoice } from './invoice.entity.js';
import { InvoiceLineNotFound } from './invoice.errors.js';
import { InvoiceLinesRepository, InvoicesRepository, InvoiceTaxesRepository } from './invoices.repository.js';

/** Holds invoices against other creditors while it is decided what to credit. */
@Injectable()
export class InvoiceLocks {
  constructor(
    private readonly invoices: InvoicesRepository,
    private readonly lines: InvoiceLinesRepository,
    private readonly taxes: InvoiceTaxesRepository,
  ) {}

  /** The order behind an invoice, read without a lock: it is to be locked first. @throws InvoiceNotFound */
  async orderOf(invoiceId: string): Promise<string | null> {
    return (await this.invoices.get(invoiceId)).orderId;
  }

  /** The whole invoice under a lock. @throws InvoiceNotFound */
  async lock(invoiceId: string): Promise<Invoice> {
    const invoice = await this.invoices.getForUpdate(invoiceId);
    await this.invoices.complete([invoice]);
    return invoice;
  }

  /** The invoices that the lines are on, read without a lock, by id. @throws InvoiceLineNotFound */
  async invoicesOfLines(lineIds: readonly string[]): Promise<Invoice[]> {
    const lines = await this.lines.findByIds(lineIds);
    const known = new Set(lines.map((line) => line.id));
    for (const id of lineIds) if (!known.has(id)) throw new InvoiceLineNotFound(id);
    return this.invoices.findByIds(lines.map((line) => line.invoiceId));
  }

  /** Whole invoices under their locks, taken in the order of their ids. */
  async lockAll(invoiceIds: readonly string[]): Promise<Invoice[]> {
    const invoices = await this.invoices.getManyForUpdate(invoiceIds);
    await this.invoices.complete(invoices);
    return invoices;
  }

  /** Writes back what was credited of these lines, and of the taxes. */
  async saveCredited(invoices: readonly Invoice[], lineIds: ReadonlySet<string | null>): Promise<void> {
    await this.lines.update(invoices.flatMap((invoice) => invoice.lines.filter((line) => lineIds.has(line.id))));
    await this.taxes.update(invoices.flatMap((invoice) => invoice.taxes));
  }
}
