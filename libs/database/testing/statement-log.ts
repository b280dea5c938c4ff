import pg from 'pg';

/** Gives the SQL that this process sends to PostgreSQL while `work` runs, in order, BEGIN and COMMIT included. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const { query } = pg.Client.prototype;
  const seen: string[] = [];
  pg.Client.prototype.query = function logged(this: pg.Client, ...parameters: unknown[]): unknown {
    seen.push(sqlOf(parameters[0]));
    return Reflect.apply(query, this, parameters);
  } as typeof query;
  try {
    await work();
    return seen;
  } finally {
    pg.Client.prototype.query = query;
  }
}

function sqlOf(query: unknown): string {
  const text = typeof query === 'string' ? query : ((query as { readonly text?: string }).text ?? '');
  return text.replaceAll(/\s+/g, ' ').trim();
}
