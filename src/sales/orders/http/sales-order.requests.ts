import type { z } from 'zod';
import { TaxRate, UnitPrice } from '#libs/kernel';
import type { NewOrderLine } from '../price-lines.js';
import type { newSalesOrderLineSchema } from './sales-order-fields.schemas.js';

/** Lines of a request as the verbs take them. @throws InvalidMoney, UnknownCurrency, InvalidTaxRate */
export function newLines(lines: readonly z.output<typeof newSalesOrderLineSchema>[]): NewOrderLine[] {
  return lines.map(({ unitPrice, taxRatePercent, ...line }) => ({
    ...line,
    unitPrice: unitPrice && UnitPrice.fromJSON(unitPrice),
    taxRatePpm: taxRatePercent === undefined ? undefined : TaxRate.parsePercent(taxRatePercent).ratePpm,
  }));
}
