/** A PgBouncer of the caller's own with the shipped configuration; see pgbouncer.mjs. */
export function startPgBouncer(options: {
  readonly purpose: string;
  readonly target: { readonly host: string; readonly port: number };
  readonly users: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string | number>>;
}): Promise<{ readonly port: number; stop(): Promise<void> }>;
