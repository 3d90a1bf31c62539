import { configurationCheck } from '@duofactory/block-kit';
import { Duration, blockRequestedTopic, blockRequestedV1, type BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';

const strict = { additionalProperties: false } as const;

/** A run inside a run. */
export const WORKFLOW_BLOCK: BlockManifest = {
  type: 'workflow',
  version: 1,
  title: 'Workflow',
  description: 'Runs another workflow for each payload, or for each group; its payloads come back',
  input: 'both',
  output: 'many',
  with: Type.Object(
    {
      workflow: Type.String({ title: 'Workflow', description: '`id` (its latest version) or `id@7`' }),
      inputs: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { title: 'Inputs' })),
      output: Type.Optional(Type.String({ title: 'Output', description: 'Block; default: the last' })),
    },
    strict,
  ),
};

/** A decision of a person. */
export const REVIEW_BLOCK: BlockManifest = {
  type: 'review',
  version: 1,
  title: 'Review',
  description: 'Waits until a person approves the payload; a rejected one ends',
  input: 'each',
  output: 'one',
  reads: 'all',
  with: Type.Object(
    {
      title: Type.Optional(Type.String({ title: 'Title' })),
      assignees: Type.Optional(Type.Array(Type.String(), { title: 'Who may decide', default: [] })),
      edits: Type.Optional(
        Type.String({ title: 'May edit', description: 'A block above: below, the edited result is read' }),
      ),
      expires: Type.Optional({ ...Duration, title: 'Expires after' }),
    },
    strict,
  ),
};

export const OWN_BLOCK_TYPES = [WORKFLOW_BLOCK, REVIEW_BLOCK];

/** What waits for a child or a person takes no slot of a block's concurrency, and is not lost. */
export function waitsOutside(type: string): boolean {
  return OWN_BLOCK_TYPES.some((own) => own.type === type);
}

export const workflowRequestedV1 = { ...blockRequestedV1, topic: blockRequestedTopic(WORKFLOW_BLOCK.type) };
export const reviewRequestedV1 = { ...blockRequestedV1, topic: blockRequestedTopic(REVIEW_BLOCK.type) };

/** What a task of ours is given, once its templates are resolved. They throw BlockFailure `invalid-with`. */
export const checkWorkflowBlock = configurationCheck(WORKFLOW_BLOCK);
export const checkReviewBlock = configurationCheck(REVIEW_BLOCK);
