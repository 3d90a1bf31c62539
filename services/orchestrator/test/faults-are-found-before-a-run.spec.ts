import { Reference, type BlockManifest } from '@duofactory/contracts';
import { Expressions } from '@duofactory/expressions';
import { FsObjectStore } from '@duofactory/objects';
import { useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { Type } from 'typebox';
import { OWN_BLOCK_TYPES } from '../src/app/workflows/own-block-types.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { Stage } from '../src/scenarios/stage.js';
import { upsertReference } from '../src/store/references.js';
import { MANIFESTS } from './on-stage.js';

const rows = { id: 'brief', type: 'rows' };

/** As `ask` of the stage, with a place to map what its prompt reads. */
const tell: BlockManifest = {
  ...{ type: 'tell', version: 1, title: 'tell', description: 'tell', input: 'each', output: 'one' },
  with: Type.Object({
    prompt: Reference('prompt'),
    inputs: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
};

/** What services announce that wrote their schemas by another book. */
const CROOKED = [{ type: 'nonsense' }, { $schema: 'http://json-schema.org/draft-07/schema#' }].map(
  (schema, n): BlockManifest => ({ ...tell, type: `crooked-${n + 1}`, with: schema }),
);
const named: BlockManifest = {
  ...{ ...tell, type: 'named' },
  with: { $id: 'named-by-its-service', type: 'object', required: ['tone'] },
};

/** brief (rows) -> the block that is at fault */
const below = (block: object, more: object = {}): object => ({
  ...{ kind: 'workflow', id: 'wrong', blocks: [rows, { id: 'it', type: 'map', ...block }] },
  ...more,
});

describe('what is wrong with a workflow', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  const expressions = new Expressions();
  let stage: Stage;

  beforeAll(async () => {
    stage = new Stage({ database: database.current, expressions, objects: new FsObjectStore(tmpdir()) });
    const own = OWN_BLOCK_TYPES.filter(({ type }) => !MANIFESTS.some((one) => one.type === type));
    await stage.open([...MANIFESTS, ...own, tell, ...CROOKED, named]);
    await upsertReference(database.current, {
      ...{ kind: 'prompt', id: 'greeting', version: 1, labels: [], hash: 'x', reads: ['tone'] },
    });
    await stage.parts.publish.publish('lesson', {
      ...{ kind: 'workflow', id: 'lesson', inputs: { topic: { type: 'string' } } },
      blocks: [{ id: 'script', type: 'map', needs: [] }],
    });
  });

  afterAll(async () => {
    await stage.close();
    await expressions.stop();
  });

  const sub = (configuration: object): object => below({ type: 'workflow', with: configuration });

  it.each([
    ['a typo in `when`', below({ when: 'breif.n > 0' }), 'blocks.it.when', 'did you mean "brief"'],
    [
      'a name that `until` does not see',
      below(
        { type: 'gen', with: {} },
        {
          blocks: [
            rows,
            { id: 'draft', type: 'gen' },
            {
              id: 'best',
              type: 'pick',
              per: 'brief',
              repeat: { from: 'draft', until: 'payload[0].ok', rounds: 2 },
            },
          ],
        },
      ),
      'blocks.best.repeat.until',
      'did you mean "payloads"',
    ],
    [
      'a review that expires at no time',
      below({ type: 'review', with: { expires: 'soon' } }),
      'blocks.it.with.expires',
      'such as 30s',
    ],
    ['a time-out of nothing', below({ timeout: '0s' }), 'blocks.it.timeout', 'above zero'],
    [
      'a deadline beyond all clocks',
      below({ deadline: '99999999h' }),
      'blocks.it.deadline',
      'below ten years',
    ],
    [
      'a share over the whole',
      below({ onError: 'drop', minSuccess: '150%' }),
      'blocks.it.minSuccess',
      'at most 100%',
    ],
    [
      'a retry that starts over its cap',
      below({ retry: { base: '1m', cap: '1s' } }),
      'blocks.it.retry',
      '`cap` (1s)',
    ],
    ['a need that stands twice', below({ needs: ['brief', 'brief'] }), 'blocks.it.needs', 'twice'],
    ['an error policy that is none', below({ onError: 'ignore' }), 'blocks.it.onError', 'fail, drop, keep'],
    ['a kind that is none', { ...below({}), kind: 'flow' }, 'kind', 'It must be "workflow"'],
    ['a workflow without blocks', { kind: 'workflow', id: 'wrong', blocks: [] }, 'blocks', 'at least 1'],
    ['no blocks at all', { kind: 'workflow', id: 'wrong' }, 'blocks', 'missing'],
    [
      'a filter in a template',
      below({ with: { text: '{{ brief.name | upper }}' } }),
      'blocks.it.with.text',
      '{{name.field}}',
    ],
    ['a template of nothing', below({ with: { text: 'For {{}}' } }), 'blocks.it.with.text', '"{{}}"'],
    [
      'a template without an end',
      below({ with: { text: 'For {{brief.x' } }),
      'blocks.it.with.text',
      '"{{brief.x"',
    ],
    [
      'a default of another type',
      below({}, { inputs: { n: { type: 'integer', default: 'many' } } }),
      'inputs.n.default',
      'of type integer',
    ],
    [
      'an input that no template can name',
      below({}, { inputs: { 'my course': { type: 'string' } } }),
      'inputs.my course',
      'a letter or "_"',
    ],
    [
      'a workflow inside that is not there',
      sub({ workflow: 'leson' }),
      'blocks.it.with.workflow',
      'did you mean "lesson"',
    ],
    [
      'a version of it that is not there',
      sub({ workflow: 'lesson@7' }),
      'blocks.it.with.workflow',
      'no version "7"',
    ],
    [
      'an output that it has not',
      sub({ workflow: 'lesson', inputs: { topic: 'x' }, output: 'zzz' }),
      'blocks.it.with.output',
      'it has script',
    ],
    [
      'an input that it has not',
      sub({ workflow: 'lesson', inputs: { topik: 'x', topic: 'x' } }),
      'blocks.it.with.inputs.topik',
      'did you mean "topic"',
    ],
    [
      'what its prompt reads, where it can be mapped',
      below({ type: 'tell', with: { prompt: 'greeting' } }),
      'blocks.it.with.prompt',
      'map it in with.inputs',
    ],
    [
      'what its prompt reads, where the block has no place to map it',
      below({ type: 'ask', with: { prompt: 'greeting' } }),
      'blocks.it.with.prompt',
      'declare an input or a variable "tone"',
    ],
    ['a type whose schema is none', below({ type: 'crooked-1' }), 'blocks.it.type', 'announce another'],
    ['a type of an older book', below({ type: 'crooked-2' }), 'blocks.it.type', 'no JSON Schema 2020-12'],
    ['what a type with a name needs', below({ type: 'named' }), 'blocks.it.with.tone', 'needs this field'],
    ['it once more', below({ type: 'named' }), 'blocks.it.with.tone', 'needs this field'],
    ['an input that it needs', sub({ workflow: 'lesson' }), 'blocks.it.with.inputs.topic', 'a string'],
  ])('is said with its field and a remedy: %s', async (_, definition, field, remedy) => {
    const faults = await stage.parts.publish.validate(definition);

    expect(faults).toEqual([expect.objectContaining({ field, message: expect.stringContaining(remedy) })]);
  });

  it.each([
    [
      'a name that `until` sees',
      below(
        {},
        {
          blocks: [
            rows,
            { id: 'draft', type: 'gen' },
            {
              id: 'best',
              type: 'pick',
              per: 'brief',
              repeat: { from: 'draft', until: 'round = 2 or $count(payloads) > 1', rounds: 2 },
            },
          ],
        },
      ),
    ],
    ['a `when` of a field that may be missing', below({ when: 'brief.maybe.there > 0' })],
    ['a workflow that runs itself', { ...sub({ workflow: 'wrong' }), id: 'wrong' }],
    ['braces of an expression', below({ type: 'quote', with: { where: '{"a": {"b": 1}}' } })],
    ['a workflow that a template names', sub({ workflow: '{{brief.kind}}', output: 'zzz' })],
  ])('is not: %s', async (_, definition) => {
    expect(await stage.parts.publish.validate(definition)).toEqual([]);
  });
});
