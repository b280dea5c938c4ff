import { DomainError } from '#libs/kernel';
import type { RetailDocument } from './document.js';

/** Imports one document; calls `onSent` when all its statements are on their way and only their answers are missing. */
export type DocumentImporter = (document: RetailDocument, onSent: () => void) => Promise<void>;

/** Called for each document in the order of the file: null when it is in the books, else why the books refuse it. */
export type DocumentListener = (document: RetailDocument, refusal: string | null) => void;

/**
 * Imports documents in their order, each in a transaction of its own. The next one begins while the commit of the one
 * before is under way, so that neither we nor the database wait for each other. Locks keep the order where it matters: a
 * document that needs the same stock, or the next number, waits until the one before is committed.
 */
export class DocumentPipeline {
  private sent: Promise<unknown> = Promise.resolve();
  private committed: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly importDocument: DocumentImporter,
    private readonly listener: DocumentListener,
  ) {}

  /** Begins a document as soon as its turn has come. @throws what is no refusal of an earlier one */
  async add(document: RetailDocument): Promise<void> {
    await this.sent;
    // Looks for the invoices it may credit among those that are committed.
    if (document.effect === 'cancellation') await this.committed;
    if (this.failure) await this.end();
    const sent = Promise.withResolvers<void>();
    const done = this.importDocument(document, sent.resolve);
    this.sent = Promise.allSettled([Promise.race([sent.promise, done])]);
    this.committed = this.conclude(this.committed, document, done);
  }

  /** Waits for what is under way. @throws what is no refusal of a document */
  async end(): Promise<void> {
    await this.committed;
    if (this.failure) throw this.failure.error;
  }

  /** Never throws: what is no refusal is kept for the next {@link add} or the {@link end}. */
  private async conclude(before: Promise<void>, document: RetailDocument, done: Promise<void>): Promise<void> {
    const [, outcome] = await Promise.allSettled([before, done]);
    if (outcome.status === 'fulfilled') return this.listener(document, null);
    const error: unknown = outcome.reason;
    if (error instanceof DomainError && error.kind !== 'unavailable') return this.listener(document, error.message);
    this.failure ??= { error };
  }
}
