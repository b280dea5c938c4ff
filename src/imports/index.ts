/** Other systems' trade, brought into the books through the verbs that the API uses. */
export { ImportFileUnreadable } from './ledger/imports.errors.js';
export {
  ImportOnlineRetail,
  type ImportProgress,
  type ImportReport,
  type OnlineRetailImport,
} from './online-retail/import-online-retail.js';
export { ImportsModule } from './imports.module.js';
export type { RejectedRow } from './online-retail/row.js';
