import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { IssueStock, type IssuedLine, LockStock, ReleaseStock } from '../index.js';
import { FakeStockDemands } from './fake-stock-demands.js';

interface LineRow {
  id: string;
  product_id: string;
  warehouse_id: string;
  ordered: number;
  reserved: number;
  shipped: number;
  cancelled: number;
}

const LINES = `
  select l.id, l.product_id, o.warehouse_id, l.ordered, l.reserved, l.shipped, l.cancelled
  from fake_order_line l join fake_order o on o.id = l.order_id where o.id = $1 order by l.line_no`;

/** Ships and cancels orders of the stand-in the way sales does: levels of the whole order first, then the order. */
@Injectable()
export class FakeSales {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly demands: FakeStockDemands,
    private readonly lockStock: LockStock,
    private readonly issueStock: IssueStock,
    private readonly releaseStock: ReleaseStock,
  ) {}

  /** Ships at most `quantityMax` reserved units of each line. Nothing reserved: nothing shipped. */
  async ship(
    orderId: string,
    quantityMax = Infinity,
  ): Promise<(IssuedLine & { quantity: number; productId: string })[]> {
    return this.unitOfWork.run(async () => {
      const lines = (await this.locked(orderId)).filter((line) => line.reserved > 0);
      const [first] = lines;
      if (!first) return [];
      const parts = lines.map((line) => ({
        lineId: line.id,
        productId: line.product_id,
        quantity: Math.min(line.reserved, quantityMax),
      }));
      for (const part of parts) await this.demands.settle(part.lineId, 'shipped', part.quantity);
      const issued = await this.issueStock.execute({
        warehouseId: first.warehouse_id,
        shipmentId: uuidv7(),
        businessDate: '2026-03-01',
        lines: parts,
      });
      return issued.map((line, index) => ({ ...parts[index]!, ...line }));
    });
  }

  /** Cancels all that is not shipped yet. */
  async cancel(orderId: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const lines = await this.locked(orderId);
      for (const line of lines) {
        const rest = line.ordered - line.shipped - line.cancelled;
        await this.demands.settle(line.id, 'cancelled', rest, line.reserved);
      }
      const released = lines.filter((line) => line.reserved > 0);
      const [first] = released;
      if (!first) return;
      await this.releaseStock.execute({
        warehouseId: first.warehouse_id,
        lines: released.map((line) => ({ productId: line.product_id, quantity: line.reserved })),
      });
    });
  }

  private async locked(orderId: string): Promise<LineRow[]> {
    const seen = await this.unitOfWork.query<LineRow>(LINES, [orderId]);
    const [first] = seen;
    if (!first) throw new Error('no such order of the stand-in');
    await this.lockStock.execute(
      first.warehouse_id,
      seen.map((line) => line.product_id),
    );
    await this.demands.lockOrders([orderId]);
    return this.unitOfWork.query<LineRow>(LINES, [orderId]);
  }
}
