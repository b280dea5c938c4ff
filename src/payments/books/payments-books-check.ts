import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { BooksCheck, BooksFault } from '#libs/kernel';

const FAULTS_MAX = 100;

const CHECKS: readonly { readonly code: string; readonly sql: string }[] = [
  {
    code: 'payments.payment.refunds',
    sql: `
      select p.id::text subject, 'Payment ' || p.id || ' has ' || p.refunding_minor || ' and ' || p.refunded_minor
        || ' minor units in refunds under way and done; its refunds say ' || r.refunding || ' and ' || r.refunded
        || ' of ' || p.captured_minor || '.' message
      from payment p cross join lateral (
        select coalesce(sum(amount_minor) filter (where status in ('pending', 'unknown')), 0) refunding,
          coalesce(sum(amount_minor) filter (where status = 'succeeded'), 0) refunded
        from refund where tenant_id = p.tenant_id and payment_id = p.id
      ) r
      where p.tenant_id = $1 and ((p.refunding_minor, p.refunded_minor) <> (r.refunding, r.refunded)
        or r.refunding + r.refunded > p.captured_minor)`,
  },
  {
    code: 'payments.order.overpaid',
    sql: `
      select o.number subject, 'Order ' || o.number || ' comes to ' || o.total_minor || ' minor units and has payments of '
        || sum(p.amount_minor - p.refunded_minor) || '.' message
      from payment p join sales_order o on o.tenant_id = p.tenant_id and o.id = p.order_id
      where p.tenant_id = $1 and p.status <> 'failed'
      group by o.number, o.total_minor having sum(p.amount_minor - p.refunded_minor) > o.total_minor`,
  },
];

/** Refunds never exceed their payment, payments never their order: read from the rows, trusting no constraint. */
@Injectable()
export class PaymentsBooksCheck implements BooksCheck {
  readonly name = 'payments';

  constructor(private readonly unitOfWork: UnitOfWork) {}

  async faults(): Promise<BooksFault[]> {
    return this.unitOfWork.read(async () => {
      const faults: BooksFault[] = [];
      for (const { code, sql } of CHECKS) {
        const rows = await this.unitOfWork.query<{ subject: string; message: string }>(
          `${sql} order by 1 limit ${FAULTS_MAX}`,
          [currentTenant().id],
        );
        faults.push(...rows.map((row) => ({ code, ...row })));
      }
      return faults;
    });
  }
}
