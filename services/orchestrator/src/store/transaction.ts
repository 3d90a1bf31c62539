/** What every statement of this folder runs on: a pooled connection inside a transaction. */
export interface Transaction {
  query<Row = Record<string, unknown>>(statement: {
    name?: string;
    text: string;
    values?: unknown[];
  }): Promise<{ rows: Row[]; rowCount: number | null }>;
}
