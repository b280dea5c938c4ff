/**
 * A text that only the database can give, at the end of the unit of work: the number of a document, whose series is locked from
 * then on. Until the commit its placeholder stands for it, so that nothing waits for the lock to be answered: everything that
 * takes and uses the text leaves in one flight with COMMIT.
 */
export interface LateText {
  /** Stands for the text before the commit; nothing else looks like it. */
  readonly placeholder: string;
  /** The transaction's setting that holds the text once its statement has run: `current_setting` gives it to later statements. */
  readonly setting: string;
  /** The text, once the transaction is committed. */
  readonly text: Promise<string>;
}

/** Puts the texts into what was written with their placeholders. After the commit. */
export async function withLateTexts(written: string, texts: readonly LateText[]): Promise<string> {
  let complete = written;
  for (const { placeholder, text } of texts) {
    if (complete.includes(placeholder)) complete = complete.replaceAll(placeholder, await text);
  }
  return complete;
}
