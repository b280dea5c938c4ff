import pg from 'pg';

/** Gives the SQL that the process sends while `work` runs, in order. BEGIN and COMMIT included. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    for (const [query] of spy.mock.calls as unknown[][]) statements.push(sqlOf(query));
    return statements;
  } finally {
    spy.mockRestore();
  }
}

function sqlOf(query: unknown): string {
  const text = typeof query === 'string' ? query : ((query as { text?: string }).text ?? '');
  return text.replaceAll(/\s+/g, ' ').trim();
}
