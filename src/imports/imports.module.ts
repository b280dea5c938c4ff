import { Module } from '@nestjs/common';
import { AccountingModule } from '#erp/accounting';
import { CatalogModule } from '#erp/catalog';
import { CustomersModule } from '#erp/customers';
import { InventoryModule } from '#erp/inventory';
import { InvoicingModule } from '#erp/invoicing';
import { SalesModule } from '#erp/sales';
import { ImportedDocumentsRepository, ImportedLinesRepository } from './ledger/imported-documents.repository.js';
import { DocumentEffects } from './online-retail/document-effects.js';
import { ForeseeStock } from './online-retail/foresee-stock.js';
import { ImportAdjustment } from './online-retail/import-adjustment.js';
import { ImportBadDebt } from './online-retail/import-bad-debt.js';
import { ImportCancellation } from './online-retail/import-cancellation.js';
import { ImportCatalogue } from './online-retail/import-catalogue.js';
import { ImportDocument } from './online-retail/import-document.js';
import { ImportOnlineRetail } from './online-retail/import-online-retail.js';
import { ImportSale } from './online-retail/import-sale.js';
import { PrepareImport } from './online-retail/prepare-import.js';
import { SettledBooks } from './online-retail/settled-books.js';

/** Other systems' trade, brought into the books. */
@Module({
  imports: [AccountingModule, CatalogModule, CustomersModule, InventoryModule, InvoicingModule, SalesModule],
  providers: [
    DocumentEffects,
    ForeseeStock,
    ImportAdjustment,
    ImportBadDebt,
    ImportCancellation,
    ImportCatalogue,
    ImportDocument,
    ImportedDocumentsRepository,
    ImportedLinesRepository,
    ImportOnlineRetail,
    ImportSale,
    PrepareImport,
    SettledBooks,
  ],
  exports: [ImportOnlineRetail],
})
export class ImportsModule {}
