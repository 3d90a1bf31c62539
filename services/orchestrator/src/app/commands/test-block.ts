import type { WorkflowDefinition } from '@duofactory/contracts';
import { Problem, type Clock, type Database } from '@duofactory/platform';
import { ensureDraft } from '../../store/drafts.js';
import { keepRevision } from '../../store/workflows.js';
import { isOfType } from './check-inputs.js';
import type { PublishWorkflow } from '../workflows/publish-workflow.js';
import type { StartedRun, StartRun } from './start-run.js';

export interface BlockTest {
  readonly workflow: string;
  /** As it is edited. What is wrong with other blocks does not matter. */
  readonly definition: Readonly<Record<string, unknown>>;
  readonly block: string;
  /** What the block sees, by name: results of blocks above, and inputs of the run. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string;
  readonly traceparent?: string | undefined;
  readonly by: string;
}

type Block = WorkflowDefinition['blocks'][number];

const TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const;
/** Behind the id of a workflow: the runs of its tests are none of its own, in figures, estimates and lists. */
const OF_TESTS = '--test';

/**
 * Runs one block by itself: a run of a workflow of this block alone, whose inputs stand for what is above it. Templates
 * and expressions find the same names there.
 */
export class TestBlock {
  constructor(
    private readonly database: Database,
    private readonly publishWorkflow: PublishWorkflow,
    private readonly startRun: StartRun,
    private readonly clock: Clock,
  ) {}

  /** Throws Problems `unknown-block`, `invalid-definition`, `invalid-inputs`. */
  async execute(test: BlockTest): Promise<StartedRun> {
    const { idempotencyKey, traceparent, by } = test;
    // Nothing has no type: whoever reads it is told that it is missing.
    const given = Object.fromEntries(Object.entries(test.given).filter(([, value]) => value !== null));
    const workflow = `${test.workflow}${OF_TESTS}`;
    const definition = onlyBlock(workflow, { ...test, given });
    const checked = await this.publishWorkflow.check(workflow, definition);
    const version = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      await ensureDraft(tx, workflow, now);
      return keepRevision(tx, {
        workflow,
        ...checked,
        revision: null,
        author: by,
        note: null,
        source: null,
        now,
      });
    });
    return this.startRun.execute({
      ...{ workflow: `${workflow}@${version}`, inputs: given, traceparent, by, testOf: 'block' },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey: `${workflow} ${idempotencyKey}` }),
    });
  }
}

function onlyBlock(workflow: string, { definition, block: id, given }: BlockTest): object {
  const blocks = Array.isArray(definition['blocks']) ? (definition['blocks'] as unknown[]) : [];
  const block = blocks.find((one) => (one as { id?: unknown } | null)?.id === id) as Block | undefined;
  if (!block)
    throw new Problem({
      ...{ status: 422, code: 'unknown-block', title: 'Unknown block' },
      detail: `The definition has no block "${id}"`,
      errors: [{ field: 'block', message: 'The definition has no such block' }],
    });
  // What it waits for, is grouped by and goes back to is not there.
  const { needs: _needs, per: _per, repeat: _repeat, cross: _cross, ...alone } = block;
  const variables = Object.entries((definition['variables'] ?? {}) as Record<string, unknown>);
  return {
    ...{ kind: 'workflow', id: workflow, name: `Test of ${id}` },
    inputs: Object.fromEntries(Object.entries(given).map(([name, value]) => [name, { type: typeOf(value) }])),
    variables: Object.fromEntries(variables.filter(([name]) => !Object.hasOwn(given, name))),
    blocks: [{ ...alone, needs: [] }],
  };
}

const typeOf = (value: unknown): string => TYPES.find((type) => isOfType(value, type))!;
