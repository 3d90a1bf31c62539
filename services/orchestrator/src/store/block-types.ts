import { storableJson, type BlockManifest } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

// $1 type, $2 service, $3 manifest, $4 now
const REGISTER = `INSERT INTO block_types (type, service, manifest, registered_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (type) DO UPDATE SET service = excluded.service, manifest = excluded.manifest,
    registered_at = excluded.registered_at`;

export async function registerBlockType(
  tx: Transaction,
  of: { service: string; manifest: BlockManifest; now: Date },
): Promise<void> {
  const values = [of.manifest.type, of.service, storableJson(of.manifest), of.now];
  await tx.query({ text: REGISTER, values });
}

export interface BlockTypeRow {
  service: string;
  manifest: BlockManifest;
  registeredAt: Date;
}

export async function listBlockTypes(tx: Transaction): Promise<BlockTypeRow[]> {
  const text = `SELECT service, manifest, registered_at AS "registeredAt" FROM block_types ORDER BY type`;
  return (await tx.query<BlockTypeRow>({ text })).rows;
}
