export { AccountingModule } from './accounting.module.js';
export { LedgerBooksCheck } from './accounts/ledger-books-check.js';
export { TrialBalanceQueries, type TrialBalance, type TrialBalanceLine } from './accounts/trial-balance.queries.js';
export { PostBusinessFacts, type BadDebtFacts, type PostableFact } from './postings/post-business.js';
export { PostEvents } from './postings/post-events.js';
