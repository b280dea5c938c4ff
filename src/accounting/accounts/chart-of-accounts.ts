import { Account, type AccountRole, type AccountType } from './account.entity.js';

const CHART: readonly (readonly [code: string, name: string, type: AccountType, role: AccountRole])[] = [
  ['1000', 'Bank', 'asset', 'bank'],
  ['1100', 'Trade receivables', 'asset', 'receivable'],
  ['1200', 'Inventory', 'asset', 'inventory'],
  ['2100', 'Goods received, not invoiced', 'liability', 'goods_received'],
  ['2200', 'Tax payable', 'liability', 'tax_payable'],
  ['3000', 'Opening balances', 'equity', 'equity_opening'],
  ['4000', 'Sales', 'income', 'revenue'],
  ['4900', 'Stock gains', 'income', 'stock_gain'],
  ['5000', 'Cost of goods sold', 'expense', 'cogs'],
  ['5100', 'Stock losses', 'expense', 'stock_loss'],
  ['5200', 'Bad debts', 'expense', 'bad_debt'],
];

/** The chart of accounts every tenant begins with: one account for each role. */
export function initialChartOfAccounts(): Account[] {
  return CHART.map(([code, name, type, role]) => Object.assign(new Account(), { code, name, type, role }));
}
