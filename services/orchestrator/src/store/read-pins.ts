import type { Transaction } from './transaction.js';

// $1 run
const PINS = `SELECT pins FROM runs WHERE id = $1`;

export async function readPins(
  tx: Transaction,
  run: string,
): Promise<Record<string, Record<string, unknown>>> {
  const { rows } = await tx.query<{ pins: Record<string, Record<string, unknown>> }>({
    text: PINS,
    values: [run],
  });
  return rows[0]?.pins ?? {};
}
