import { Injectable } from '@nestjs/common';
import type { BooksCheck, BooksFault } from '#libs/kernel';
import { BooksQuestions } from './books-questions.js';
import { importedDocuments, importedLines } from './import-questions.js';

/** What was imported, line by line, against what it became in the books. */
@Injectable()
export class ImportsBooksCheck implements BooksCheck {
  readonly name = 'imports';

  constructor(private readonly questions: BooksQuestions) {}

  /** Codes: reporting.import.lines, reporting.import.line. */
  faults(): Promise<BooksFault[]> {
    return this.questions.ask(importedDocuments, importedLines);
  }
}
