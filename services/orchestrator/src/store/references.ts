import { storableJson, type ReferencePublished } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

// $1 kind, $2 id, $3 version, $4 labels, $5 hash, $6 names that it reads, $7 what it uses
const UPSERT = `INSERT INTO reference_versions (kind, id, version, labels, hash, reads, uses)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, id, version)
  DO UPDATE SET labels = excluded.labels, reads = excluded.reads, uses = excluded.uses`;

export async function upsertReference(tx: Transaction, of: ReferencePublished): Promise<void> {
  const uses = of.uses ? storableJson(of.uses) : null;
  const values = [of.kind, of.id, of.version, of.labels, of.hash, of.reads ?? null, uses];
  await tx.query({ text: UPSERT, values });
}

export interface ReferenceVersion {
  kind: string;
  id: string;
  version: number;
  labels: string[];
  reads: string[] | null;
}

// $1 kinds, $2 ids
const FIND = `SELECT r.kind, r.id, r.version, r.labels, r.reads FROM reference_versions r
  JOIN unnest($1::text[], $2::text[]) AS w(kind, id) ON r.kind = w.kind AND r.id = w.id
  ORDER BY r.version DESC`;

/** All versions of the things named, newest first. */
export async function findReferences(
  tx: Transaction,
  named: readonly { kind: string; id: string }[],
): Promise<ReferenceVersion[]> {
  if (named.length === 0) return [];
  const values = [named.map(({ kind }) => kind), named.map(({ id }) => id)];
  return (await tx.query<ReferenceVersion>({ name: 'find-references', text: FIND, values })).rows;
}

// $1 kind
const IDS = `SELECT DISTINCT id FROM reference_versions WHERE kind = $1 ORDER BY id`;

export async function referenceIds(tx: Transaction, kind: string): Promise<string[]> {
  return (await tx.query<{ id: string }>({ text: IDS, values: [kind] })).rows.map(({ id }) => id);
}
