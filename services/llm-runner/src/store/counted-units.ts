/** How many units of a kind a row of the ledger `l` counts, as SQL. A row may say that what is no count was counted: that is NULL. */
export const countedUnits = (unit: string): string =>
  `CASE WHEN l.usage->'units'->>'${unit}' ~ '^[0-9]{1,15}$' THEN (l.usage->'units'->>'${unit}')::float8 END`;
