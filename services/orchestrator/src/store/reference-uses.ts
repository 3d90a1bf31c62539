import type { BlockManifest } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

export interface UsingWorkflow {
  workflow: string;
  /** null: the draft. */
  version: number | null;
  definition: Record<string, unknown>;
  /** Of the version; null: those announced now. */
  manifests: Record<string, BlockManifest> | null;
}

// $1 text that the definition holds
const WORKFLOWS = `
  SELECT w.id AS workflow, v.version, v.definition, v.manifests FROM workflows w
    JOIN workflow_versions v ON v.workflow = w.id AND v.version = w.latest WHERE strpos(v.definition::text, $1) > 0
  UNION ALL
  SELECT id, NULL, draft, NULL FROM workflows WHERE strpos(draft::text, $1) > 0
  ORDER BY 1, 2 DESC NULLS FIRST`;

/** Latest versions and drafts in whose text a name occurs, anywhere. */
export async function workflowsNaming(tx: Transaction, name: string): Promise<UsingWorkflow[]> {
  return (await tx.query<UsingWorkflow>({ text: WORKFLOWS, values: [name] })).rows;
}

export interface UsingReference {
  kind: string;
  id: string;
  version: number;
  reference: string;
  field: string;
}

// $1 kind, $2 id
const REFERENCES = `
  SELECT r.kind, r.id, r.version, u->>'reference' AS reference, u->>'field' AS field
  FROM reference_versions r, jsonb_array_elements(r.uses) u
  WHERE r.version = (SELECT max(o.version) FROM reference_versions o WHERE o.kind = r.kind AND o.id = r.id)
    AND u->>'kind' = $1 AND split_part(u->>'reference', '@', 1) = $2
  ORDER BY r.kind, r.id`;

/** Latest versions of other things that name it. */
export async function referencesNaming(tx: Transaction, kind: string, id: string): Promise<UsingReference[]> {
  return (await tx.query<UsingReference>({ text: REFERENCES, values: [kind, id] })).rows;
}

export interface OpenPins {
  workflow: string;
  version: number;
  pins: Record<string, Record<string, unknown>>;
  runs: number;
}

// $1 text that the pins hold
const OPEN = `SELECT workflow, version, pins, count(*)::int AS runs FROM runs
  WHERE ended_at IS NULL AND strpos(pins::text, $1) > 0 GROUP BY workflow, version, pins`;

/** Runs that have not ended, by what they are bound to. */
export async function openRunsPinning(tx: Transaction, name: string): Promise<OpenPins[]> {
  return (await tx.query<OpenPins>({ text: OPEN, values: [name] })).rows;
}
