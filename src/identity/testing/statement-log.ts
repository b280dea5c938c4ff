import { jest } from '@jest/globals';
import pg from 'pg';

/** Gives the SQL that this process sends to PostgreSQL while `work` runs, in order, BEGIN and COMMIT included. */
export async function sentDuring(work: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return spy.mock.calls.map(([query]) => sqlOf(query));
  } finally {
    spy.mockRestore();
  }
}

function sqlOf(query: unknown): string {
  const text = typeof query === 'string' ? query : ((query as { readonly text?: string }).text ?? '');
  return text.replaceAll(/\s+/g, ' ').trim();
}
