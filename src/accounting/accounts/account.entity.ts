import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '#libs/database';

export const ACCOUNT_TYPES = ['asset', 'liability', 'equity', 'income', 'expense'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** What Quoin's own postings look an account up by. A tenant may rename and renumber the account behind a role. */
export const ACCOUNT_ROLES = [
  'bank',
  'receivable',
  'inventory',
  'goods_received',
  'tax_payable',
  'equity_opening',
  'revenue',
  'stock_gain',
  'cogs',
  'stock_loss',
  'bad_debt',
] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** An account of the chart of accounts. */
@Entity('account')
export class Account extends VersionedEntity {
  /** Unique per tenant; sorts the trial balance. */
  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  type!: AccountType;

  @Column({ type: 'text', nullable: true })
  role!: AccountRole | null;

  /** A closed account takes no more lines by hand. Accounts with a role cannot be closed. */
  @Column({ type: 'text' })
  status: 'active' | 'closed' = 'active';
}
