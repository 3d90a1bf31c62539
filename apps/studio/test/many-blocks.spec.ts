import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyEdit, readWorkflow, type EditedWorkflow } from '../src/builder/document.js';
import { setInPieces } from '../src/builder/pieces.js';
import { editYaml, type Path } from '../src/draft/yaml-edits.js';

const BLOCKS = 300;

const workflowOf = (text: string): EditedWorkflow => {
  const reading = readWorkflow(text);
  if (!('workflow' in reading)) throw new Error(reading.unreadable);
  return reading.workflow;
};

const many = `# A long one
kind: workflow
id: many
blocks:
${Array.from(
  { length: BLOCKS },
  (_, n) => `  # Step ${n}
  - id: n${n}
    type: transform
    with:
      expression: "'${n}'" # said once
`,
).join('\n')}
maxPayloads: 10
`;

describe('a key typed in one block of many', () => {
  it('leaves every other block the object that it was, so that none is drawn again', () => {
    const before = workflowOf(many);

    const text = applyEdit(many, { kind: 'set', path: ['blocks', 7, 'name'], value: 'Seven' });

    const { blocks } = workflowOf(text);
    expect(blocks[7]).toMatchObject({ id: 'n7', name: 'Seven' });
    expect(blocks.filter((block, at) => block !== before.blocks[at])).toHaveLength(1);
    expect(text.replace('    name: Seven\n', '')).toBe(many);
  });

  it('and the name of the workflow, leave the lines of all blocks as they are', () => {
    const before = workflowOf(many);

    const text = applyEdit(many, { kind: 'set', path: ['name'], value: 'Many' });

    expect(text.replace('name: Many\n', '')).toBe(many);
    expect(workflowOf(text).blocks.every((block, at) => block === before.blocks[at])).toBe(true);
  });

  it('reads the whole where a block is bound to another, or is not laid out as the studio does', () => {
    const texts = [
      'id: a\nblocks:\n  - id: x\n    with: &all { a: 1 }\n  - id: y\n    with: *all\n',
      'id: a\nblocks:\n- id: x\n- id: y\n',
      'id: a\nblocks:\n    - id: x\n    - id: y\n',
      'id: a\nblocks: [{ id: x }, { id: y }]\n',
      'id: a\nblocks:\n  - id: x\n    id: x\n',
      'id: a\r\nblocks:\r\n  - id: x\r\n',
      'id: a\nblocks:\n  - id: x\n    text: |+\n      said\n\n\n',
    ];

    for (const text of texts) expect(setInPieces(text, ['blocks', 0, 'name'], 'New')).toBeUndefined();
  });

  it('means what the same edit of the whole document means', () => {
    fc.assert(
      fc.property(
        fc.array(blockText, { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(anEdit),
        (blocks, edits) => {
          let text = `# Head\nkind: workflow\nid: some\nblocks:\n${blocks.join('')}# Tail\ndeadline: 1h\n`;
          for (const { path, value } of edits.take(4)) {
            const place = path.map((part) => (typeof part === 'number' ? part % blocks.length : part));
            const whole = editYaml(text, [{ kind: 'set', path: place, value }]);
            const edited = applyEdit(text, { kind: 'set', path: place, value });

            expect(workflowOf(edited).definition).toEqual(workflowOf(whole).definition);
            // One that stood above a field which went may stay, and none is lost.
            expect(commentsOf(edited)).toEqual(expect.arrayContaining(commentsOf(whole)));
            text = edited;
          }
        },
      ),
    );
  });
});

const commentsOf = (text: string): string[] => (text.match(/# \w.*$/gm) ?? []).sort();

const blockText = fc
  .record({
    comment: fc.constantFrom('', '  # Above\n', '# Far left\n', '\n', '\n  # After a gap\n'),
    id: fc.constantFrom('a', 'b', 'c # named'),
    fields: fc.subarray([
      '    type: prompt\n',
      '    times: 2 # times\n',
      '    with:\n      # Inside\n      prompt: title\n      list: [ 1, 2 ]\n',
      '    when: |\n      # no comment\n      a = 1\n\n',
      '    name: "a long name that goes on\n      in the next line"\n',
      '    needs:\n      - a\n      - block: b\n',
    ]),
  })
  .map(({ comment, id, fields }) => `${comment}  - id: ${id}\n${fields.join('')}`);

const anEdit: fc.Arbitrary<{ path: Path; value: unknown }> = fc.record({
  path: fc.oneof(
    fc.tuple(fc.constant('blocks'), fc.nat(3), fc.constantFrom('name', 'times', 'when', 'id')),
    fc.tuple(fc.constant('blocks'), fc.nat(3), fc.constant('with'), fc.constantFrom('prompt', 'new')),
    fc.tuple(fc.constantFrom('name', 'description', 'deadline')),
  ),
  value: fc.oneof(
    fc.constantFrom<unknown>(undefined, 3, 0.5, true, '12', "'x'\n# y", 'a: b', [1, 'two'], {
      a: { b: 'c' },
    }),
    fc.string({ maxLength: 20 }),
  ),
});
