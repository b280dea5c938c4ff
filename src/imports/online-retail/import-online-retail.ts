import { Injectable } from '@nestjs/common';
import { ExclusiveWork, UnitOfWork } from '#libs/database';
import { ImportedDocumentsRepository } from '../ledger/imported-documents.repository.js';
import { DocumentPipeline } from './document-pipeline.js';
import { ImportDocument, ONLINE_RETAIL } from './import-document.js';
import { type ImportReport, ImportRun, type OnlineRetailImport } from './import-run.js';
import { PrepareImport } from './prepare-import.js';
import { countLines, readDocuments } from './read-documents.js';
import { surveyFile } from './survey.js';

/**
 * Imports the public "Online Retail" data of the current tenant (issue 2, section 6): two passes that find out what is
 * needed, one that brings document after document into the books. Documents that are there are passed over, so that
 * an interrupted import goes on where it ended and nothing is doubled.
 */
@Injectable()
export class ImportOnlineRetail {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly exclusive: ExclusiveWork,
    private readonly prepare: PrepareImport,
    private readonly importDocument: ImportDocument,
    private readonly documents: ImportedDocumentsRepository,
  ) {}

  /** @throws ImportFileUnreadable, WorkUnderWay: two at once would each bring the opening stock */
  async execute(input: OnlineRetailImport): Promise<ImportReport> {
    return this.exclusive.run(`import ${ONLINE_RETAIL}`, () => this.import(input));
  }

  private async import(input: OnlineRetailImport): Promise<ImportReport> {
    const counts = await countLines(input.path);
    const known = await this.unitOfWork.read(() => this.documents.known(ONLINE_RETAIL));
    const survey = await surveyFile(input.path, counts, known);
    const context = await this.prepare.execute(survey, input.openingCostPercent);
    const run = new ImportRun(input, survey.lines);
    const pipeline = new DocumentPipeline(
      (document, onSent) => this.importDocument.execute(document, context, onSent),
      (document, refusal) => run.conclude(document, refusal),
    );
    for await (const { document, rejected } of readDocuments(input.path, counts)) {
      if (rejected) run.reject(rejected);
      else if (known.has(document.invoiceNo)) run.skip();
      else {
        await pipeline.add(document);
        await run.refreshStatistics();
      }
    }
    await pipeline.end();
    return run.report;
  }
}
