import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { ImportedDocument, ImportedLine } from './imported-document.entity.js';
import { ImportedDocumentNotFound } from './imports.errors.js';

/** The only place that writes imported lines. */
@Injectable()
export class ImportedLinesRepository extends TenantRepository<ImportedLine> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, ImportedLine, ImportedDocumentNotFound);
  }
}

/** The only place that writes imported documents. */
@Injectable()
export class ImportedDocumentsRepository extends TenantRepository<ImportedDocument> {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly lines: ImportedLinesRepository,
  ) {
    super(unitOfWork, ImportedDocument, ImportedDocumentNotFound);
  }

  /** Numbers of the documents of a source that are in the books already. */
  async known(source: string): Promise<Set<string>> {
    const rows = await this.unitOfWork.query<{ document: string }>(
      'select document from imported_document where tenant_id = $1 and source = $2',
      [currentTenant().id, source],
    );
    return new Set(rows.map((row) => row.document));
  }

  /** With its lines, while the work goes on. */
  insertWhole(document: ImportedDocument): void {
    this.unitOfWork.inBackground(Promise.all([this.insert(document), this.lines.insert(document.lines)]));
  }
}
