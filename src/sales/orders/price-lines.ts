import { documentTotals, InvalidQuantity, QUANTITY_MAX, type TaxMode, UnitPrice } from '#libs/kernel';
import type { LineKind } from './line-quantities.js';
import { SalesOrderLineIncomplete, SalesOrderPriceNegative, SalesOrderProductUnknown } from './order-parties.errors.js';
import { SalesOrderLine } from './sales-order-line.entity.js';
import { SalesOrderLineCount, SalesOrderTotalNegative } from './sales-order.errors.js';

/** Lines that one order may have; over HTTP fewer. */
export const ORDER_LINES_MAX = 2_000;

/** A line as it is ordered: a product, or a service that says itself what it is. */
export interface NewOrderLine {
  readonly productId?: string | undefined;
  /** Whole units, from 1. */
  readonly quantity: number;
  /** Default: the product's price today. Below zero only for services: a discount. */
  readonly unitPrice?: UnitPrice | undefined;
  /** The four below default to the product's; without a product all but `sku` are needed. */
  readonly sku?: string | undefined;
  readonly name?: string | undefined;
  readonly taxCode?: string | undefined;
  readonly taxRatePpm?: number | undefined;
}

/** What of a product goes into a line. */
export interface PricedProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly kind: LineKind;
  readonly priceE4: bigint;
  readonly taxCode: string;
  readonly taxRatePpm: number;
}

/** What is to be priced. */
export interface PricingInput {
  readonly orderId: string;
  readonly currency: string;
  readonly priceMode: TaxMode;
  readonly lines: readonly NewOrderLine[];
  readonly products: ReadonlyMap<string, PricedProduct>;
}

/** Priced lines and the order's totals. */
export interface PricedOrder {
  readonly lines: SalesOrderLine[];
  readonly netMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
}

/**
 * Fixes names, prices and taxes of the lines as they are now; each line is rounded half-even, tax once per rate and
 * order.
 * @throws SalesOrderLineCount, SalesOrderLineIncomplete, SalesOrderPriceNegative, SalesOrderTotalNegative,
 * SalesOrderProductUnknown, CurrencyMismatch, InvalidQuantity, MoneyOutOfRange
 */
export function priceLines(input: PricingInput): PricedOrder {
  const count = input.lines.length;
  if (count < 1 || count > ORDER_LINES_MAX) throw new SalesOrderLineCount(count, ORDER_LINES_MAX);
  const agreed = input.lines.map((line, index) => agree(input, line, index + 1));
  const totals = documentTotals({
    currency: input.currency,
    mode: input.priceMode,
    lines: agreed.map(({ line, unitPrice }) => ({
      quantity: line.ordered,
      unitPrice,
      taxCode: line.taxCode,
      ratePpm: line.taxRatePpm,
    })),
  });
  const { netMinor, taxMinor, totalMinor } = totals;
  if (totalMinor < 0n) throw new SalesOrderTotalNegative();
  const lines = agreed.map(({ line }, index) => {
    line.amountMinor = totals.lines[index]?.amountMinor ?? 0n;
    return line;
  });
  return { lines, netMinor, taxMinor, totalMinor };
}

interface AgreedLine {
  readonly line: SalesOrderLine;
  readonly unitPrice: UnitPrice;
}

function agree(input: PricingInput, given: NewOrderLine, lineNo: number): AgreedLine {
  const { quantity } = given;
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > QUANTITY_MAX) {
    throw new InvalidQuantity(quantity, `on line ${lineNo} is a whole number from 1 to ${QUANTITY_MAX}`);
  }
  const line = Object.assign(new SalesOrderLine(), { orderId: input.orderId, lineNo, ordered: quantity });
  const unitPrice = given.productId === undefined ? service(line, given) : ofProduct(line, given, input);
  line.unitPriceE4 = unitPrice.e4;
  if (line.kind === 'goods' && unitPrice.e4 < 0n) throw new SalesOrderPriceNegative(lineNo);
  return { line, unitPrice };
}

function ofProduct(line: SalesOrderLine, given: NewOrderLine, input: PricingInput): UnitPrice {
  const product = input.products.get(given.productId ?? '');
  if (!product) throw new SalesOrderProductUnknown([given.productId ?? '']);
  line.productId = product.id;
  line.kind = product.kind;
  line.sku = given.sku ?? product.sku;
  line.name = given.name ?? product.name;
  line.taxCode = given.taxCode ?? product.taxCode;
  line.taxRatePpm = given.taxRatePpm ?? product.taxRatePpm;
  return given.unitPrice ?? UnitPrice.of(product.priceE4, input.currency);
}

function service(line: SalesOrderLine, given: NewOrderLine): UnitPrice {
  const { name, unitPrice, taxCode, taxRatePpm } = given;
  if (name === undefined || unitPrice === undefined || taxCode === undefined || taxRatePpm === undefined) {
    const needed = { name, unitPrice, taxCode, taxRatePpm };
    const missing = Object.entries(needed).filter(([, value]) => value === undefined);
    throw new SalesOrderLineIncomplete(
      line.lineNo,
      missing.map(([field]) => field),
    );
  }
  line.productId = null;
  line.kind = 'service';
  line.sku = given.sku ?? '';
  line.name = name;
  line.taxCode = taxCode;
  line.taxRatePpm = taxRatePpm;
  return unitPrice;
}
