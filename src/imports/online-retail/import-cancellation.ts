import { Injectable } from '@nestjs/common';
import { LockStock, ReturnStock } from '#erp/inventory';
import {
  type CreditableLine,
  CreditableLineQueries,
  type CreditedLine,
  type FreeCreditLine,
  IssueCollectiveCreditNote,
  PrepareBilling,
} from '#erp/invoicing';
import { currentTenant } from '#libs/context';
import { businessDate, Clock } from '#libs/kernel';
import { isService, type RetailDocument } from './document.js';
import type { DocumentOutcome } from './document-outcome.js';
import { type ImportContext, known, TAX_NOT_STATED } from './import-context.js';
import type { RetailRow } from './row.js';
import { customerRef } from './survey.js';

/**
 * A cancellation of the source: a credit note whose goods come back. It names no original; a line is taken for a credit of
 * the oldest invoice line of the same customer, code and price that has as many units left. Lines without a customer, and
 * those for which there is none, stand alone, and their goods come back at the current average.
 */
@Injectable()
export class ImportCancellation {
  constructor(
    private readonly clock: Clock,
    private readonly lockStock: LockStock,
    private readonly prepareBilling: PrepareBilling,
    private readonly creditable: CreditableLineQueries,
    private readonly issueCreditNote: IssueCollectiveCreditNote,
    private readonly returnStock: ReturnStock,
  ) {}

  async execute(document: RetailDocument, context: ImportContext): Promise<DocumentOutcome> {
    const goods = document.rows.filter((row) => !isService(row.stockCode));
    const productIds = goods.map((row) => known(context.productIds, row.stockCode));
    const [first] = document.rows;
    const customerId = known(context.customerIds, first ? customerRef(first) : '');
    this.prepareBilling.read(customerId);
    const locked = productIds.length > 0 && this.lockStock.execute(context.warehouseId, productIds);
    // Behind the locks on stock, in their round trip.
    this.prepareBilling.takeNumber('credit_note');
    await locked;
    const originals = await this.originals(document, customerId);
    const note = await this.issueCreditNote.execute({
      customerId,
      reason: 'return',
      externalRef: document.invoiceNo,
      lines: document.rows.map((row, index) => creditLine(row, originals[index] ?? null, context)),
    });
    await this.takeBack(document, originals, note, context);
    return { effect: 'credit_note', effectId: note.id, lineIds: note.lines.map((line) => line.id) };
  }

  /** The line that each row credits, or null. */
  private async originals(document: RetailDocument, customerId: string): Promise<(string | null)[]> {
    if (document.rows[0]?.customerId === null) return document.rows.map(() => null);
    const skus = document.rows.map((row) => row.stockCode);
    const candidates = await this.creditable.of(customerId, skus);
    const used = new Set<string>();
    return document.rows.map((row) => {
      const match = candidates.find((line) => !used.has(line.id) && isOriginal(line, row));
      if (match) used.add(match.id);
      return match?.id ?? null;
    });
  }

  private async takeBack(
    document: RetailDocument,
    originals: readonly (string | null)[],
    note: { readonly id: string; readonly number: string; readonly lines: readonly { readonly id: string }[] },
    context: ImportContext,
  ): Promise<void> {
    const lines = document.rows.flatMap((row, index) => {
      if (originals[index] || isService(row.stockCode)) return [];
      const productId = known(context.productIds, row.stockCode);
      return [{ lineId: note.lines[index]?.id ?? '', productId, quantity: -row.quantity, costMinor: null }];
    });
    if (lines.length === 0) return;
    const date = businessDate(this.clock.now(), currentTenant().timeZone);
    const { warehouseId } = context;
    await this.returnStock.execute({
      warehouseId,
      documentId: note.id,
      businessDate: date,
      reference: note.number,
      lines,
    });
  }
}

function isOriginal(line: CreditableLine, row: RetailRow): boolean {
  return line.sku === row.stockCode && line.unitPriceE4 === row.unitPriceE4 && line.creditable >= -row.quantity;
}

function creditLine(row: RetailRow, original: string | null, context: ImportContext): CreditedLine | FreeCreditLine {
  const service = isService(row.stockCode);
  if (original) return { invoiceLineId: original, quantity: -row.quantity, returnGoods: !service };
  return {
    kind: service ? 'service' : 'goods',
    productId: service ? null : known(context.productIds, row.stockCode),
    sku: row.stockCode,
    name: row.description || row.stockCode,
    quantity: -row.quantity,
    unitPriceE4: row.unitPriceE4,
    goodsReturned: !service,
    ...TAX_NOT_STATED,
  };
}
