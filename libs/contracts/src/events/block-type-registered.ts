import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';
import { BlockManifest } from '../manifest.js';

export const BlockTypeRegistered = Type.Object(
  { service: Type.String(), manifest: BlockManifest },
  { title: 'BlockTypeRegistered' },
);
export type BlockTypeRegistered = Static<typeof BlockTypeRegistered>;

export const blockTypeRegisteredV1 = eventContract({
  type: 'block-type-registered.v1',
  topic: 'duofactory.block-types',
  compacted: true,
  description: 'A service announces at boot what it can do. Keyed by type.',
  schema: BlockTypeRegistered,
});
