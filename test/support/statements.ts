import { jest } from '@jest/globals';
import pg from 'pg';

/**
 * What this process asks of PostgreSQL while `work` runs. Who the tenant is, is remembered for a while and no part of it.
 */
export async function statementsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    const texts = spy.mock.calls.map(([query]: unknown[]) =>
      typeof query === 'string' ? query : ((query as { text?: string }).text ?? ''),
    );
    return texts.filter((text) => !text.includes('from tenant t join placement'));
  } finally {
    spy.mockRestore();
  }
}
