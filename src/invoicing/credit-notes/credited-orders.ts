import { Injectable } from '@nestjs/common';
import { LockOrderForBilling, RecordCredited, RecordReturned } from '#erp/sales';
import type { Invoice } from '../invoices/invoice.entity.js';
import type { CreditNote } from './credit-note.entity.js';

/** What a collective credit note does to the orders behind its lines. */
@Injectable()
export class CreditedOrders {
  constructor(
    private readonly lockOrder: LockOrderForBilling,
    private readonly recordReturned: RecordReturned,
    private readonly recordCredited: RecordCredited,
  ) {}

  /** In the order of their ids, like everybody. */
  async lock(invoices: readonly Invoice[]): Promise<void> {
    const ids = [...new Set(invoices.flatMap((invoice) => invoice.orderId ?? []))].toSorted();
    for (const id of ids) await this.lockOrder.execute(id, { returnsGoods: true });
  }

  async tell(note: CreditNote, invoices: readonly Invoice[]): Promise<void> {
    for (const invoice of invoices) {
      if (!invoice.orderId) continue;
      const orderLines = new Map(invoice.lines.map((line) => [line.id, line.orderLineId ?? '']));
      const lines = note.lines.flatMap((line) => {
        const lineId = orderLines.get(line.invoiceLineId ?? '');
        return lineId ? [{ lineId, quantity: line.quantity, documentLineId: line.id, back: line.goodsReturned }] : [];
      });
      const returned = lines.filter((line) => line.back);
      if (returned.length > 0) {
        const { orderId, number: reference } = invoice;
        await this.recordReturned.execute({ orderId, documentId: note.id, reference, lines: returned });
      }
      await this.recordCredited.execute({ orderId: invoice.orderId, lines });
    }
  }
}
