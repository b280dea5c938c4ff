import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { BooksFault } from '#libs/kernel';

/** Faults that one question gives at most: the first ones name the trouble. */
const FAULTS_MAX = 100;

/** Σ of the movements against what the level says, in both directions. */
const LEVELS = `
  select coalesce(l.id, m.warehouse_id) as subject, coalesce(l.on_hand, 0) as on_hand, coalesce(m.quantity, 0) as moved,
    coalesce(l.value_minor, 0) as value_minor, coalesce(m.value_minor, 0) as moved_minor,
    coalesce(l.product_id, m.product_id) as product_id
  from stock_level l
  full join (
    select product_id, warehouse_id, sum(quantity)::bigint as quantity, sum(value_minor)::bigint as value_minor
    from stock_movement group by product_id, warehouse_id
  ) m on m.product_id = l.product_id and m.warehouse_id = l.warehouse_id
  where coalesce(l.on_hand, 0) <> coalesce(m.quantity, 0) or coalesce(l.value_minor, 0) <> coalesce(m.value_minor, 0)
  order by 1 limit ${FAULTS_MAX}`;

/** What the levels promise, for comparison with what the orders were promised. */
const RESERVED = `
  select product_id, warehouse_id, reserved from stock_level where reserved <> 0`;

/** Each document of stock's own against the sum of its lines and the sum of its movements. */
const DOCUMENTS = `
  with document as (
    select 'stock_receipt' as type, id, value_minor from stock_receipt
    union all select 'stock_adjustment', id, value_minor from stock_adjustment
  ), line as (
    select receipt_id as id, value_minor, quantity from stock_receipt_line
    union all select adjustment_id, value_minor, quantity from stock_adjustment_line
  ), lines as (select id, sum(value_minor) as value_minor, sum(quantity) as quantity from line group by id)
  , moved as (
    select document_id as id, sum(value_minor) as value_minor, sum(quantity) as quantity from stock_movement
    where document_type in ('stock_receipt', 'stock_adjustment') group by document_id
  )
  select d.type, d.id as subject, d.value_minor::text as value_minor, l.value_minor::text as lines_minor,
    m.value_minor::text as moved_minor, l.quantity::text as lines_quantity, m.quantity::text as moved_quantity
  from document d left join lines l on l.id = d.id left join moved m on m.id = d.id
  where l.id is null or m.id is null or d.value_minor <> l.value_minor or d.value_minor <> m.value_minor
    or l.quantity <> m.quantity
  order by d.id limit ${FAULTS_MAX}`;

interface LevelRow {
  subject: string;
  product_id: string;
  on_hand: string;
  moved: string;
  value_minor: string;
  moved_minor: string;
}

interface DocumentRow {
  type: string;
  subject: string;
  value_minor: string;
  lines_minor: string | null;
  moved_minor: string | null;
  lines_quantity: string | null;
  moved_quantity: string | null;
}

/** Where the rows of stock contradict each other, for the current tenant. */
@Injectable()
export class StockFaults {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Levels that are not the sum of their movements. */
  async ofLevels(): Promise<BooksFault[]> {
    const rows = await this.unitOfWork.query<LevelRow>(LEVELS);
    return rows.flatMap((row) => levelFaults(row));
  }

  /** Receipts and adjustments that are not the sum of their lines or of their movements. */
  async ofDocuments(): Promise<BooksFault[]> {
    const rows = await this.unitOfWork.query<DocumentRow>(DOCUMENTS);
    return rows.map((row) => ({
      code: 'inventory.document.value',
      message:
        `${row.type} is worth ${row.value_minor}; its lines ${row.lines_minor ?? 'are missing'} ` +
        `(${row.lines_quantity ?? 0} units), its movements ${row.moved_minor ?? 'are missing'} (${row.moved_quantity ?? 0} units).`,
      subject: row.subject,
    }));
  }

  /** Units that levels promise, by `product warehouse`; levels that promise none are missing. */
  async reserved(): Promise<Map<string, number>> {
    const rows = await this.unitOfWork.query<{ product_id: string; warehouse_id: string; reserved: string }>(RESERVED);
    return new Map(rows.map((row) => [`${row.product_id} ${row.warehouse_id}`, Number(row.reserved)]));
  }
}

function levelFaults(row: LevelRow): BooksFault[] {
  const faults: BooksFault[] = [];
  const add = (code: string, message: string): void => void faults.push({ code, message, subject: row.subject });
  if (row.on_hand !== row.moved) {
    add(
      'inventory.level.on_hand',
      `Product ${row.product_id}: ${row.on_hand} on hand, its movements make ${row.moved}.`,
    );
  }
  if (row.value_minor !== row.moved_minor) {
    add(
      'inventory.level.value',
      `Product ${row.product_id}: worth ${row.value_minor}, its movements make ${row.moved_minor}.`,
    );
  }
  return faults;
}
