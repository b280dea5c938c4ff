import type { INestApplicationContext } from '@nestjs/common';
import type { SandboxOperation } from '#erp/payments/testing';
import { type BooksReport, ReportingModule, VerifyBooks } from '#erp/reporting';
import { ConfigModule, loadConfig } from '#libs/config';
import type { IncomingMail } from '#libs/mail/testing';
import { StorageModule } from '#libs/storage';
import { inTenant } from '#libs/tenancy';
import { type TestDatabase, testingModule, testStack, testTenant } from '#libs/testing';
import { ALWAYS, asked, LIVE, type Question } from './ground-truth.js';
import type { Operation } from './order-load.js';

const FAULTS_SHOWN = 8;

interface Fault {
  readonly code: string;
  readonly subject: string;
  readonly found: string;
}

/** A payment as our rows have it, in minor units. */
export interface TakenPayment {
  readonly id: string;
  readonly status: string;
  readonly captured: number;
}

/** Compares our payments with what the provider wrote down; its log holds nobody else's. */
export function faultsOfMoney(payments: readonly TakenPayment[], log: readonly SandboxOperation[]): string[] {
  const charges = Map.groupBy(
    log.filter(({ charge }) => charge),
    ({ charge }) => charge?.reference ?? '',
  );
  const faults = payments.flatMap(({ id, status, captured }) => {
    const operations = charges.get(id) ?? [];
    charges.delete(id);
    const created = operations.filter(({ operation }) => operation === 'charge.created').length;
    const taken = operations.at(-1)?.charge?.amountCaptured ?? 0;
    const right = created <= 1 && taken === captured;
    return right ? [] : [`money: ${id} is ${status} with ${captured}; ${created} charges took ${taken}`];
  });
  return [...faults, ...[...charges.keys()].map((reference) => `money: nobody asked for ${reference}`)];
}

/** Who can tell, from the rows alone, whether what happened is right. Asks the books' own checks, and questions of its own. */
export class Auditor {
  private constructor(
    private readonly database: TestDatabase,
    private readonly module: INestApplicationContext,
  ) {}

  static async of(database: TestDatabase): Promise<Auditor> {
    const config = loadConfig(testStack().env);
    const imports = [ConfigModule.forRoot(config), StorageModule.forRoot(config.s3), ReportingModule];
    const module = await testingModule(database, { imports });
    return new Auditor(database, module);
  }

  async dismiss(): Promise<void> {
    await this.module.close();
  }

  /** What `books verify` says of a tenant. */
  async books(tenantId: string): Promise<BooksReport> {
    const tenant = testTenant(this.database, { id: tenantId });
    return inTenant(tenant, () => this.module.get(VerifyBooks, { strict: false }).execute());
  }

  /** What is wrong with a tenant's books that were kept by customers' orders. */
  async faultsOfOrders(tenantId: string): Promise<string[]> {
    return [...(await this.answers(tenantId, [...ALWAYS, ...LIVE])), ...(await this.faultsOfBooks(tenantId))];
  }

  /** What is wrong with a tenant's books that were imported. */
  async faultsOfImport(tenantId: string): Promise<string[]> {
    return [...(await this.answers(tenantId, ALWAYS)), ...(await this.faultsOfBooks(tenantId))];
  }

  /** Acknowledged orders and receipts are there once, unknown ones at most once, and nothing is there that nobody sent. */
  async faultsOfLog(tenantId: string, log: readonly Operation[]): Promise<string[]> {
    const written = await this.database.asSuperuser<{ marker: string; count: number }>(
      `select marker, count(*)::int as count from (
         select note as marker from sales_order where tenant_id = $1
         union all select reference from stock_receipt where tenant_id = $1 and reference is not null) as marked
       group by marker`,
      [tenantId],
    );
    const counts = new Map(written.map(({ marker, count }) => [marker, count]));
    const sent = log.filter(({ kind }) => kind === 'order' || kind === 'receipt');
    const faults = sent.flatMap(({ kind, marker, knowledge }) => {
      const count = counts.get(marker) ?? 0;
      const right = knowledge === 'unknown' ? count <= 1 : count === (knowledge === 'ok' ? 1 : 0);
      return right ? [] : [`log: ${kind} ${marker} is ${knowledge} and there ${count} times`];
    });
    const known = new Set(sent.map(({ marker }) => marker));
    const strange = [...counts.keys()].filter((marker) => !known.has(marker));
    return [...faults, ...strange.map((marker) => `log: nobody sent ${marker}`)];
  }

  /**
   * Every mail of the tenant that is written down as sent has left, under its own Message-ID, one about an order with its number;
   * nothing has left that no tenant wrote down; a second copy only where a second try is written down.
   */
  async faultsOfMail(tenantId: string, taken: readonly IncomingMail[]): Promise<string[]> {
    const rows = await this.database.asSuperuser<{
      id: string;
      tenant: string;
      number: string | null;
      attempts: number;
    }>(
      `select m.id, m.tenant_id as tenant, o.number, m.attempts from email_message m
       join platform.outbox_event e on e.tenant_id = m.tenant_id and e.id = m.event_id
       left join sales_order o on o.tenant_id = e.tenant_id and o.id = e.aggregate_id`,
    );
    const copies = Map.groupBy(taken, ({ messageId }) => messageId.replace(/^<|@.*$/g, ''));
    const faults = rows.flatMap(({ id, tenant, number, attempts }) => {
      const mails = copies.get(id) ?? [];
      copies.delete(id);
      if (tenant !== tenantId) return [];
      const right =
        mails.length >= 1 &&
        mails.length <= attempts &&
        mails.every((mail) => number === null || mail.subject.includes(number));
      return right ? [] : [`mail: ${number ?? id} has left ${mails.length} times in ${attempts} tries`];
    });
    return [...faults, ...[...copies.keys()].map((id) => `mail: nobody wrote down ${id}`)];
  }

  /** What the payment provider did, for all tenants, is what our rows say, each payment at most once. */
  async faultsOfPayments(log: readonly SandboxOperation[]): Promise<string[]> {
    const payments = 'select id, status, captured_minor::int as captured from payment';
    return faultsOfMoney(await this.database.asSuperuser<TakenPayment>(payments), log);
  }

  private async answers(tenantId: string, questions: readonly Question[]): Promise<string[]> {
    const rows = await this.database.asSuperuser<Fault>(asked(questions), [tenantId]);
    const byCode = Map.groupBy(rows, ({ code }) => code);
    const shown = [...byCode.values()].flatMap((faults) => faults.slice(0, FAULTS_SHOWN));
    return shown.map(({ code, subject, found }) => `${code}: ${subject}: ${found}`);
  }

  private async faultsOfBooks(tenantId: string): Promise<string[]> {
    const { checks } = await this.books(tenantId);
    return checks.flatMap(({ faults }) => faults).map(({ code, message }) => `books: ${code}: ${message}`);
  }
}
