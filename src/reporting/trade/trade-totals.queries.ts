import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { currencyExponent } from '#libs/kernel';
import { halfEvenSql } from '../rounding.js';
import { type FiguresRow, tradeTotals, type TradeTotals } from './trade-figures.js';
import { TRADE_LINES } from './trade-lines.js';

/** Decimals of a unit price. */
const SCALE = 4;

const KINDS = ['sale', 'cancellation', 'bad_debt'] as const;

/** SQL of a JSON object of figures as text, so that no number passes through floating point on its way. */
function json(figures: Readonly<Record<string, string>>): string {
  const fields = Object.entries(figures).map(([name, sql]) => `'${name}', (${sql})::text`);
  return `jsonb_build_object(${fields.join(', ')})`;
}

const ofKind = (sql: string, kind: string): string => `coalesce(${sql} filter (where kind = '${kind}'), 0)`;
const amount = (sql: string): string => `coalesce(${sql}, 0) * 0.0001`;
const minor = (sql: string): string => `coalesce(${sql}, 0) * $5::numeric`;

const each = (name: string, sql: (kind: string) => string): Record<string, string> =>
  Object.fromEntries(KINDS.map((kind) => [`${name}_${kind}`, sql(kind)]));

const FIGURES = json({
  lines: 'coalesce(sum(lines), 0)',
  ...each('lines', (kind) => ofKind('sum(lines)', kind)),
  units_net: 'coalesce(sum(units), 0)',
  ...each('units', (kind) => ofKind('sum(units)', kind)),
  gross_revenue: amount(ofKind('sum(value)', 'sale')),
  gross_revenue_positive_lines_only: amount('sum(positive)'),
  cancellations_value: amount(ofKind('sum(value)', 'cancellation')),
  bad_debt_value: amount(ofKind('sum(value)', 'bad_debt')),
  net_revenue: amount('sum(value)'),
  net_revenue_line_rounded_half_even: minor('sum(half_even)'),
  net_revenue_line_rounded_half_up: minor('sum(half_up)'),
  distinct_skus: 'count(distinct sku)',
  distinct_skus_casefolded: 'count(distinct lower(sku))',
  first: `to_char(min(first), 'YYYY-MM-DD"T"HH24:MI:SS')`,
  last: `to_char(max(last), 'YYYY-MM-DD"T"HH24:MI:SS')`,
});

const SKU_FIGURES = json({
  lines: 'sum(lines)',
  qty_net: 'sum(units)',
  qty_sale: ofKind('sum(units)', 'sale'),
  qty_cancel: ofKind('sum(units)', 'cancellation'),
  net_revenue: amount('sum(value)'),
});

const PARTIES = json({
  invoices: 'count(distinct document)',
  ...each('invoices', (kind) => `count(distinct document) filter (where kind = '${kind}')`),
  distinct_customers: 'count(distinct customer)',
});

// Lines are read once and summed per month, country, code and kind; everything else is made of those sums, which are few.
// $1 tenant, $2 time zone, $3 a month's first day or null, $4 how many 1/10,000 make a minor unit, $5 a minor unit.
const TOTALS = `
  with line as materialized (
    select *, date_trunc('month', at)::date as month, quantity::numeric * unit_price_e4 as value
    from (${TRADE_LINES}) lines
    where $3::date is null or date_trunc('month', at) = $3::date
  ), cell as materialized (
    select month, country, sku, kind, count(*) as lines, sum(quantity) as units, sum(value) as value,
      sum(value) filter (where kind = 'sale' and quantity > 0 and unit_price_e4 > 0) as positive,
      sum(${halfEvenSql('value', '$4::numeric')}) as half_even,
      sum(round(value / $4::numeric)) as half_up, min(at) as first, max(at) as last
    from line group by month, country, sku, kind
  ), party as materialized (
    select distinct month, country, kind, document, customer from line
  ), figures as (
    select case grouping(month, country) when 3 then 'total' when 1 then 'month' else 'country' end as scope,
      coalesce(to_char(month, 'YYYY-MM'), country, '') as key, ${FIGURES} as figures
    from cell group by grouping sets ((), (month), (country))
  ), parties as (
    select case grouping(month, country) when 3 then 'total' when 1 then 'month' else 'country' end as scope,
      coalesce(to_char(month, 'YYYY-MM'), country, '') as key, ${PARTIES} as figures
    from party group by grouping sets ((), (month), (country))
  )
  select scope, key, p.figures || f.figures as figures from figures f join parties p using (scope, key)
  union all
  select 'sku', sku, ${SKU_FIGURES} from cell group by sku
  order by 1, 2`;

/** What a tenant traded, recomputed from the rows of its books. */
@Injectable()
export class TradeTotalsQueries {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Reads every line of the tenant's trade; memory here does not grow with their number.
   * @param month `YYYY-MM` for the trade of one month alone
   */
  async all(month?: string): Promise<TradeTotals> {
    const { id, timeZone, currency } = currentTenant();
    const exponent = currencyExponent(currency);
    const perMinor = 10 ** (SCALE - exponent);
    const minorUnit = exponent === 0 ? '1' : `0.${'1'.padStart(exponent, '0')}`;
    const rows = await this.unitOfWork.read(() =>
      this.unitOfWork.query<FiguresRow>(TOTALS, [id, timeZone, month ? `${month}-01` : null, perMinor, minorUnit]),
    );
    return tradeTotals(rows);
  }
}
