interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

/** What statements that read run on: a transaction, or the pool. */
export interface Transaction {
  query<Row = Record<string, unknown>>(
    statement: Statement,
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

/** What statements that write run on. Those whose rows nobody needs are sent and not waited for. */
export interface WriteTransaction extends Transaction {
  /** If the statement fails, so does the transaction. */
  send(statement: Statement): void;
}
