/** What the books say, recomputed from their rows. */
export { VerifyBooks, type BooksReport, type CheckedBooks } from './books/verify-books.js';
export { ReportingModule } from './reporting.module.js';
export type { SkuFigures, TradeFigures, TradeTotals } from './trade/trade-figures.js';
