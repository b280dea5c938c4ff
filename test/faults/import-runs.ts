import type { BooksReport, TradeTotals } from '#erp/reporting';
import { atLandlord } from '#erp/tenants/testing';
import type { Chance } from '../support/chance.js';
import { RunningSystem, type RunningSystemOptions } from '../support/running-system.js';
import { Auditor } from './auditor.js';
import { Importer } from './importer.js';
import { until, untilQuiet } from './recovery.js';

const WAIT_MS = 300_000;

/** What two imports of one file must have in common, beyond what the report totals. */
const FINGERPRINT = `
  select 'level ' || p.sku as what, l.on_hand || ' worth ' || l.value_minor as amount
  from stock_level l join product p on p.tenant_id = l.tenant_id and p.id = l.product_id where l.tenant_id = $1
  union all
  select 'account ' || a.code, sum(j.amount_minor)::text
  from journal_line j join account a on a.tenant_id = j.tenant_id and a.id = j.account_id where j.tenant_id = $1 group by a.code
  union all
  select 'numbers ' || series, last::text from (
    select 'order' as series, max(number) as last from sales_order where tenant_id = $1
    union all select 'invoice', max(number) from invoice where tenant_id = $1
    union all select 'credit note', max(number) from credit_note where tenant_id = $1
    union all select 'customer', max(number) from customer where tenant_id = $1) as series
  order by 1`;

/** What an import left behind. */
export interface ImportedBooks {
  readonly totals: TradeTotals;
  readonly fingerprint: readonly object[];
}

/** Runs of the importer against one system, and what they leave behind. */
export class ImportRuns {
  private constructor(
    readonly system: RunningSystem,
    readonly auditor: Auditor,
  ) {}

  static async open(options: RunningSystemOptions): Promise<ImportRuns> {
    const system = await RunningSystem.start(options);
    return new ImportRuns(system, await Auditor.of(system.database));
  }

  async close(): Promise<void> {
    await this.auditor.dismiss();
    await this.system.stop();
  }

  /** One that is on its way. */
  start(file: string, slug: string): Importer {
    return Importer.start(this.system, file, slug);
  }

  /** One that is to end well; gives what it said. */
  async inPeace(file: string, slug: string): Promise<string> {
    const { code, output } = await this.start(file, slug).ended();
    if (code !== 0) throw new Error(`the importer ended with ${code}: ${output}`);
    return output;
  }

  /**
   * Kills the importer each time when it has come so much further, starts it again, and lets the last one end. Gives how often
   * it was killed: it may have been faster than we were.
   */
  async underFire(
    file: string,
    slug: string,
    { documents, shots, chance }: { readonly documents: number; readonly shots: number; readonly chance: Chance },
  ): Promise<{ kills: number; peakBytes: number }> {
    let kills = 0;
    for (let shot = 1; shot <= shots; shot += 1) {
      // Anywhere in its part of the file, the very beginning included; the last part is left for the run that ends.
      const target = Math.floor((documents * (shot - chance.next())) / (shots + 1));
      const importer = this.start(file, slug);
      await this.untilImported(slug, target, importer);
      const { code, output } = await importer.kill();
      if (code !== null && code !== 0) throw new Error(`the importer ended with ${code}: ${output}`);
      if (code === null) kills += 1;
    }
    const { code, output, peakBytes } = await this.start(file, slug).ended();
    if (code !== 0) throw new Error(`the importer ended with ${code}: ${output}`);
    return { kills, peakBytes };
  }

  /** Resolves when so many documents are in the books, or the importer has ended. */
  async untilImported(slug: string, documents: number, importer: Importer): Promise<void> {
    let id: string | undefined;
    const isFarEnough = async () => {
      id ??= await this.tenantIdOf(slug);
      return !importer.isRunning || (id !== undefined && (await this.imported(id)) >= documents);
    };
    await until(`${documents} documents are imported`, isFarEnough, WAIT_MS);
  }

  /** All that the books of an imported tenant say. @throws when they contradict themselves */
  async books(slug: string): Promise<ImportedBooks> {
    const id = await this.quietTenant(slug);
    const faults = await this.auditor.faultsOfImport(id);
    if (faults.length > 0) throw new Error(`the books of ${slug} are wrong: ${faults.join('; ')}`);
    const { totals } = await this.auditor.books(id);
    return { totals, fingerprint: await this.system.database.asSuperuser(FINGERPRINT, [id]) };
  }

  /** What \`books verify\` says. */
  async verified(slug: string): Promise<BooksReport> {
    return this.auditor.books(await this.quietTenant(slug));
  }

  /** Whose events have all come through; what its sign-up told of goes by way of the worker. */
  private async quietTenant(slug: string): Promise<string> {
    const id = await this.tenantIdOf(slug);
    if (id === undefined) throw new Error(`there is no tenant ${slug}`);
    await untilQuiet(this.system.database, id);
    return id;
  }

  private async tenantIdOf(slug: string): Promise<string | undefined> {
    const [row] = await atLandlord<{ id: string }>(this.system.database, 'select id from tenant where slug = $1', [
      slug,
    ]);
    return row?.id;
  }

  private async imported(id: string): Promise<number> {
    const [row] = await this.system.database.asSuperuser<{ count: number }>(
      'select count(*)::int as count from imported_document where tenant_id = $1',
      [id],
    );
    return row?.count ?? 0;
  }
}
