import { currentTenant } from '#libs/context';
import { CurrencyMismatch, type MoneyJson, TaxRate, UnitPrice } from '#libs/kernel';
import type { z } from 'zod';
import type { NewProduct } from '../create-products.js';
import type { ProductChanges } from '../update-product.js';
import type { newProductSchema, productChangesSchema } from './product.schemas.js';

/** The new product as the verb takes it. @throws CurrencyMismatch, InvalidMoney, InvalidTaxRate, MoneyOutOfRange */
export function newProductOf(body: z.output<typeof newProductSchema>): NewProduct {
  const { price, taxRatePercent, ...rest } = body;
  return { ...rest, priceE4: priceE4Of(price), taxRatePpm: TaxRate.parsePercent(taxRatePercent).ratePpm };
}

/** The changes as the verb takes them. Throws as {@link newProductOf} does. */
export function productChangesOf(body: z.output<typeof productChangesSchema>): ProductChanges {
  const { price, taxRatePercent, ...rest } = body;
  return {
    ...rest,
    priceE4: price && priceE4Of(price),
    taxRatePpm: taxRatePercent === undefined ? undefined : TaxRate.parsePercent(taxRatePercent).ratePpm,
  };
}

/** In the tenant's currency: a catalogue has one. */
function priceE4Of(json: MoneyJson): bigint {
  const { currency } = currentTenant();
  if (json.currency !== currency) throw new CurrencyMismatch(currency, json.currency);
  return UnitPrice.fromJSON(json).e4;
}
