import { describe, expect, it } from '@jest/globals';
import type { paths } from '../src/api/schema.js';
import {
  applyEdit,
  freeId,
  needsOf,
  readWorkflow,
  writeWorkflow,
  type EditedWorkflow,
} from '../src/builder/document.js';
import { beginHistory, change, redo, undo } from '../src/draft/history.js';
import { controlOf, fieldsOf } from '../src/builder/schema-fields.js';
import { readTyped } from '../src/builder/typed-value.js';
import {
  EPISODE_WORDS,
  FATE_WORDS,
  PAYLOAD_WORDS,
  REVIEW_TASK_WORDS,
  RUN_CHOICES,
  RUN_WORDS,
  runWord,
  STATUS,
  TASK_CHOICES,
  TASK_WORDS,
  type StatusWord,
} from '../src/frame/status.js';
import { keyText, sharedSegments } from '../src/values/payload-key.js';

const text = `# What the show is made of
kind: workflow
id: show
variables:
  viable: &threshold 0.7 # agreed with the editors
blocks:
  # Rows of the sheet
  - id: rows
    type: import
    with: { from: table, table: shows }
  - id: script
    type: prompt # the expensive one
    times: 2
    with:
      prompt: script
`;

const workflowOf = (source: string): EditedWorkflow => {
  const reading = readWorkflow(source);
  if (!('workflow' in reading)) throw new Error(reading.unreadable);
  return reading.workflow;
};

describe('list, canvas and YAML are one document', () => {
  it('keeps comments and anchors of all that an edit does not touch', () => {
    const edited = [
      { kind: 'set', path: ['blocks', 1, 'times'], value: 5 },
      { kind: 'set', path: ['variables', 'viable'], value: 0.8 },
      { kind: 'add-block', at: 2, block: { id: 'best', type: 'select', with: { top: 1 } } },
      { kind: 'move-block', from: 2, to: 1 },
    ] as const;

    const after = edited.reduce<string>((source, edit) => applyEdit(source, edit), text);

    for (const kept of [
      '# What the show is made of',
      '# agreed with the editors',
      '&threshold',
      '# Rows of the sheet',
      '# the expensive one',
    ])
      expect(after).toContain(kept);
    const { blocks, definition } = workflowOf(after);
    expect(blocks.map(({ id }) => id)).toEqual(['rows', 'best', 'script']);
    expect(blocks[2]!.times).toBe(5);
    expect(definition['variables']).toEqual({ viable: 0.8 });
  });

  it('renames a block, and what others say of it', () => {
    const joined = `${text}  - id: best\n    type: select\n    needs: [script, rows]\n    per: script\n`;

    const { blocks } = workflowOf(applyEdit(joined, { kind: 'rename-block', at: 1, id: 'draft' }));

    expect(blocks.map(({ id }) => id)).toEqual(['rows', 'draft', 'best']);
    expect(blocks[2]).toMatchObject({ needs: ['draft', 'rows'], per: 'draft' });
  });

  it('takes no id that another block has, and leaves what is said of another block', () => {
    const joined = `${text}  - id: best\n    type: select\n    needs: [script]\n`;

    expect(applyEdit(joined, { kind: 'rename-block', at: 1, id: 'rows' })).toBe(
      applyEdit(joined, { kind: 'set', path: ['blocks', 1, 'id'], value: 'script' }),
    );
    const twice = joined.replace('id: rows', 'id: script');
    const { blocks } = workflowOf(applyEdit(twice, { kind: 'rename-block', at: 0, id: 'first' }));
    expect(blocks.map(({ id }) => id)).toEqual(['first', 'script', 'best']);
    expect(blocks[2]).toMatchObject({ needs: ['script'] });
  });

  it('removes a field with its empty parent, and a block', () => {
    const without = applyEdit(text, { kind: 'set', path: ['blocks', 1, 'with', 'prompt'], value: undefined });
    expect(workflowOf(without).blocks[1]).not.toHaveProperty('with');
    expect(workflowOf(applyEdit(text, { kind: 'remove-block', at: 0 })).blocks.map(({ id }) => id)).toEqual([
      'script',
    ]);
  });

  it('keeps an item of a list whose only field is cleared', () => {
    const listed = applyEdit(text, {
      ...{ kind: 'set', path: ['blocks', 1, 'with', 'lines'] },
      value: [{ text: 'Hola' }, { text: 'Adios' }],
    });
    const cleared = applyEdit(listed, {
      ...{ kind: 'set', path: ['blocks', 1, 'with', 'lines', 0, 'text'] },
      value: undefined,
    });
    expect(workflowOf(cleared).blocks[1]).toMatchObject({ with: { lines: [{}, { text: 'Adios' }] } });
  });

  it('says where a text cannot be read, and leaves it as it is', () => {
    const broken = 'kind: workflow\nblocks: [\n';

    expect(readWorkflow(broken)).toMatchObject({ line: 3 });
    expect(applyEdit(broken, { kind: 'remove-block', at: 0 })).toBe(broken);
  });

  it('takes every edit back, and brings it again', () => {
    const edited = change(change(beginHistory('a'), 'b'), 'c');

    expect(undo(undo(edited)).text).toBe('a');
    expect(redo(undo(edited)).text).toBe('c');
    expect(change(undo(edited), 'd').future).toEqual([]);
  });

  it('takes back typing at one place by its rests, and never two places at once', () => {
    const typed = (edits: readonly (readonly [text: string, place: string, atMs: number])[]) =>
      edits.reduce((history, edit) => change(history, ...edit), beginHistory(''));
    const steps = (history: ReturnType<typeof beginHistory>): string[] => [...history.past, history.text];

    const onePlace = typed([
      ['S', 'name', 0],
      ['Sl', 'name', 900],
      ['Slo', 'name', 1_800],
      ['Slow', 'name', 4_800],
      ['Slow!', 'name', 4_900],
    ]);

    expect(steps(onePlace)).toEqual(['', 'Slo', 'Slow!']);
    expect(undo(onePlace).text).toBe('Slo');
    expect(
      steps(
        typed([
          ['a', 'name', 0],
          ['ab', 'note', 1],
          ['abc', 'name', 2],
        ]),
      ),
    ).toEqual(['', 'a', 'ab', 'abc']);
    // What is typed after a step back is a step by itself, however soon.
    expect(steps(change(undo(onePlace), 'Slower', 'name', 5_000))).toEqual(['', 'Slo', 'Slower']);
  });

  it('writes a definition in the order of people, and reads back the same', () => {
    const { definition } = workflowOf(text);
    const shuffled = Object.fromEntries(Object.entries(definition).reverse());

    expect(workflowOf(writeWorkflow(shuffled)).definition).toEqual(definition);
    expect(writeWorkflow(shuffled)).toMatch(/^kind: workflow\nid: show\n/);
  });

  it('waits for the block above unless it says for what', () => {
    const { blocks } = workflowOf(text);
    expect([needsOf(blocks, 0), needsOf(blocks, 1)]).toEqual([[], ['rows']]);
    expect(freeId('import', blocks)).toBe('import');
    expect(freeId('my-type', [{ id: 'myType', type: 'my-type' }])).toBe('myType2');
  });
});

describe('forms are drawn from manifests alone', () => {
  it('chooses the control by the schema of a field, whatever the type is', () => {
    const fields = fieldsOf({
      properties: {
        mode: { enum: ['a', 'b'], default: 'a' },
        prompt: { type: 'string', format: 'reference:prompt' },
        judges: { type: 'array', items: { type: 'string', format: 'reference:evaluator' } },
        loud: { type: 'boolean' },
        passAt: { type: 'number' },
        where: { type: 'object' },
      },
      required: ['mode', 'prompt'],
    });

    expect(fields.map(({ name, schema, required }) => [name, controlOf(schema).kind, required])).toEqual([
      ['prompt', 'reference', true],
      ['mode', 'choice', false],
      ['judges', 'list', false],
      ['loud', 'switch', false],
      ['passAt', 'number', false],
      ['where', 'structure', false],
    ]);
  });

  it('reads what is typed as the schema says, and keeps what it cannot read', () => {
    const nullable = { type: ['string', 'null'] };
    expect(readTyped(nullable, '12')).toMatchObject({ value: '12' });
    expect(readTyped({ type: 'number', maximum: 1 }, '2')).toEqual({
      value: 2,
      wrong: 'It must be at most 1',
    });
    expect(readTyped({ type: 'integer' }, '1,5')).toMatchObject({ value: '1,5' });
    expect(readTyped({ type: 'number' }, '{{share}}')).toEqual({ value: '{{share}}' });
    expect(controlOf({ oneOf: [{ const: 1, title: 'One' }, { const: 2 }] })).toEqual({
      kind: 'choice',
      options: [
        { value: 1, label: 'One' },
        { value: 2, label: '2' },
      ],
    });
  });
});

describe('one vocabulary', () => {
  // As the engine's API enumerates them: a state without a word here does not compile.
  type StateOf<Listed extends '/api/runs' | '/api/runs/{id}/tasks'> = NonNullable<
    NonNullable<paths[Listed]['get']['parameters']['query']>['status']
  >[number];
  const ofRuns: Record<Exclude<StateOf<'/api/runs'>, 'active'>, StatusWord> = {
    ...{ queued: 'Queued', running: 'Running', paused: 'Paused', stopping: 'Running' },
    ...{ completed: 'Succeeded', partial: 'Partial', failed: 'Failed', cancelled: 'Cancelled' },
  };
  const ofTasks: Record<StateOf<'/api/runs/{id}/tasks'>, StatusWord> = {
    ...{ evaluating: 'Queued', ready: 'Queued', requested: 'Running', backoff: 'Retrying' },
    ...{ done: 'Succeeded', failed: 'Failed', dropped: 'Dropped', kept: 'Partial' },
  };

  it('says every state of the engine in its words', () => {
    expect(Object.keys(RUN_WORDS)).toEqual([
      'queued',
      'running',
      'paused',
      'stopping',
      'completed',
      'partial',
      'failed',
      'cancelled',
    ]);
    expect(Object.keys(TASK_WORDS)).toEqual([
      'evaluating',
      'ready',
      'requested',
      'backoff',
      'done',
      'failed',
      'dropped',
      'kept',
    ]);
    const choices = Object.values(RUN_CHOICES).map(({ label, filter }) => ({
      label: label,
      states: [filter.status].flat(),
      awaitsReview: 'awaitsReview' in filter && filter.awaitsReview,
    }));
    for (const { label, states, awaitsReview } of choices)
      for (const status of states)
        if (status !== 'active') expect(label).toBe(runWord({ status, awaitsReview }));
    expect(new Set(choices.flatMap(({ states }) => states))).toEqual(
      new Set(['active', ...Object.keys(RUN_WORDS)]),
    );
    expect(Object.values(TASK_CHOICES).flat()).toEqual(Object.keys(TASK_WORDS));
    for (const states of Object.values(TASK_CHOICES))
      expect(new Set(states.map((state) => TASK_WORDS[state])).size).toBe(1);
    for (const word of [...Object.values(RUN_WORDS), ...Object.values(TASK_WORDS)])
      expect(STATUS).toHaveProperty([word]);
  });

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['a run', RUN_WORDS, ofRuns],
    ['a task', TASK_WORDS, ofTasks],
    ['a task that a person has', REVIEW_TASK_WORDS, { ...ofTasks, requested: 'In review' }],
    [
      'an episode',
      EPISODE_WORDS,
      {
        ...{ publishing: 'Running', published: 'Published', unpublished: 'Retired', recalled: 'Retired' },
      },
    ],
    ['a payload', PAYLOAD_WORDS, { ok: 'Succeeded', passed: 'Skipped', error: 'Failed' }],
    [
      "a payload's fate",
      FATE_WORDS,
      {
        ...{ 'went-on': 'Succeeded', picked: 'Succeeded', collected: 'Succeeded' },
        ...{ 'not-picked': 'Not selected', unmatched: 'Not selected', 'not-made': 'Not selected' },
        ...{ 'passed-by': 'Skipped', rejected: 'Dropped', dropped: 'Dropped', 'rounds-exhausted': 'Dropped' },
        ...{ kept: 'Partial', failed: 'Failed', waiting: 'Queued', open: 'Running', 'not-reached': 'Queued' },
      },
    ],
  ])('says each state of %s in the word that it has', (_, words, said) => {
    expect(words).toEqual(said);
    expect(Object.keys(STATUS)).toEqual(expect.arrayContaining(Object.values(words)));
  });

  it('looks the same wherever a word stands: its icon and its colour', () => {
    expect(Object.entries(STATUS).map(([word, { icon, tone }]) => `${word} (${icon}) ${tone}`)).toEqual([
      'Queued (ring) idle',
      'Skipped (dash) idle',
      'Not selected (funnel) idle',
      'Cancelled (slash) idle',
      'Draft (pencil) idle',
      'Retired (box) idle',
      'Running (arc) running',
      'Retrying (loop) waiting',
      'Paused (bars) waiting',
      'Ambiguous (question) waiting',
      'In review (person) review',
      'Succeeded (check) good',
      'Published (check) good',
      'Partial (half) loss',
      'Dropped (down) loss',
      'Failed (cross) bad',
    ]);
  });

  it('tells keys as people read them', () => {
    const keys = ['unit=a/show=Slow%20News/script=1', 'unit=a/show=Tea/script=2'];
    expect(sharedSegments(keys)).toBe(1);
    expect(keyText(keys[0]!, 1)).toBe('show Slow News / script 1');
    expect(keyText('')).toBe('the run');
  });
});
