export interface SqlStatement {
  /** A prepared statement's name: the text must be the same for ever. */
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

/** A transaction, a client or a pool of `pg`. */
export interface Sql {
  query<R>(statement: SqlStatement): Promise<{ rows: R[]; rowCount: number | null }>;
}

/** A transaction that takes statements whose rows nobody needs without waiting for each. */
export interface SqlTransaction extends Sql {
  /** If the statement fails, so does the transaction. */
  send(statement: SqlStatement): void;
}

/** `table`, or `"schema".table` where the connection's search path does not name the schema. */
export function qualified(table: string, schema: string | undefined): string {
  return schema === undefined ? table : `"${schema.replaceAll('"', '""')}".${table}`;
}
