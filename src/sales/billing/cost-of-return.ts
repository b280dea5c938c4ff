import type { LineQuantity } from '../orders/sales-order.entity.js';
import type { SalesShipmentLine } from '../shipments/sales-shipment-line.entity.js';

/** What comes back costs, and the shipment lines it comes back from. */
export interface CostOfReturn {
  /** Minor units by order line. */
  readonly costs: ReadonlyMap<string, bigint>;
  readonly changed: readonly SalesShipmentLine[];
}

/**
 * Takes returned units off the shipments they left with, the oldest first, at the cost they left with.
 * @param shipped shipment lines that are not all back, oldest first
 * @throws Error when more comes back than was shipped: the order's lines have refused that before
 */
export function costOfReturn(shipped: readonly SalesShipmentLine[], returned: readonly LineQuantity[]): CostOfReturn {
  const costs = new Map<string, bigint>();
  const changed: SalesShipmentLine[] = [];
  const byLine = Map.groupBy(shipped, (line) => line.orderLineId);
  for (const { lineId, quantity } of returned) {
    let left = quantity;
    let costMinor = 0n;
    for (const line of byLine.get(lineId) ?? []) {
      const taken = Math.min(left, line.outstanding);
      if (taken === 0) continue;
      costMinor += line.takeBack(taken);
      left -= taken;
      changed.push(line);
    }
    if (left > 0) throw new Error(`line ${lineId}: ${left} units come back that no shipment has`);
    costs.set(lineId, costMinor);
  }
  return { costs, changed };
}
