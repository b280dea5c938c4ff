import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { Invoice, InvoiceLine, InvoiceTax } from './invoice.entity.js';
import { InvoiceLineNotFound, InvoiceNotFound } from './invoice.errors.js';

/** The only place that reads and writes invoice lines. */
@Injectable()
export class InvoiceLinesRepository extends TenantRepository<InvoiceLine> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, InvoiceLine, InvoiceLineNotFound);
  }

  /** All lines of the invoices, each in its order. */
  async ofInvoices(invoiceIds: readonly string[]): Promise<InvoiceLine[]> {
    return this.findParts({ invoiceId: In([...invoiceIds]) }, { lineNo: 'ASC' });
  }

  /** Lines of a customer's invoices that have units left to credit, the oldest invoice first. */
  async creditableOf(customerId: string, skus: readonly string[]): Promise<InvoiceLine[]> {
    const rows = await this.unitOfWork.query<{ id: string }>(
      `select l.id from invoice_line l join invoice i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
       where l.tenant_id = $1 and i.customer_id = $2 and l.sku = any($3) and l.credited_quantity < l.quantity
       order by i.issued_at, i.year, i.sequence, l.line_no`,
      [currentTenant().id, customerId, skus],
    );
    const lines = await this.findParts({ id: In(rows.map((row) => row.id)) }, { id: 'ASC' });
    const found = new Map(lines.map((line) => [line.id, line]));
    return rows.flatMap((row) => found.get(row.id) ?? []);
  }
}

/** The only place that reads and writes the taxes of invoices. */
@Injectable()
export class InvoiceTaxesRepository extends TenantRepository<InvoiceTax> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, InvoiceTax, InvoiceNotFound);
  }
}

/** The only place that reads and writes invoices. */
@Injectable()
export class InvoicesRepository extends TenantRepository<Invoice> {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly lines: InvoiceLinesRepository,
    private readonly taxes: InvoiceTaxesRepository,
  ) {
    super(unitOfWork, Invoice, InvoiceNotFound);
  }

  /** The invoice of an order; the one of an order that this unit of work has placed, it has issued. */
  async findByOrder(orderId: string): Promise<Invoice | null> {
    if (!this.unitOfWork.isBornHere(orderId)) return this.findOne({ orderId });
    return this.unitOfWork.held<Invoice>(orderKey(orderId)) ?? null;
  }

  /** With lines and taxes: three statements, however long, with the next one. */
  insertWhole(invoice: Invoice): void {
    this.insertLater([invoice]);
    this.lines.insertLater(invoice.lines);
    this.taxes.insertLater(invoice.taxes);
    if (invoice.orderId !== null) this.unitOfWork.hold(orderKey(invoice.orderId), invoice);
  }

  /** Puts lines and taxes into the invoices. */
  async complete<T extends Invoice>(invoices: readonly T[]): Promise<readonly T[]> {
    if (invoices.length === 0) return invoices;
    const ids = invoices.map((invoice) => invoice.id);
    const of = { invoiceId: In(ids) };
    const lines = Map.groupBy(await this.lines.ofInvoices(ids), (line) => line.invoiceId);
    const taxes = Map.groupBy(
      await this.taxes.find(of, { order: { code: 'ASC', ratePpm: 'ASC' } }),
      (tax) => tax.invoiceId,
    );
    for (const invoice of invoices) {
      invoice.lines = lines.get(invoice.id) ?? [];
      invoice.taxes = taxes.get(invoice.id) ?? [];
    }
    return invoices;
  }
}

function orderKey(orderId: string): string {
  return `invoice of ${orderId}`;
}
