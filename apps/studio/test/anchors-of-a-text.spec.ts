import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { applyEdit, readWorkflow, type Edit } from '../src/builder/document.js';
import { mergeTexts } from '../src/draft/merge-texts.js';
import { editYaml } from '../src/draft/yaml-edits.js';
import { readPrompt } from '../src/prompts/prompt-document.js';

const text = `id: show
blocks:
  - id: first
    type: prompt
    with: &settings { prompt: script, tone: &tone calm }
  - id: second
    type: prompt
    with: *settings
  - id: third
    type: prompt
    with: *settings
    voice: *tone
`;

interface Read {
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
}
const valueOf = (source: string): Read => parse(source) as Read;
const [first, second, third] = valueOf(text).blocks;
const edited = (edit: Edit, source = text): string => applyEdit(source, edit);

describe('what is said once and used elsewhere', () => {
  it('goes to its next use when the block that says it is removed', () => {
    const after = edited({ kind: 'remove-block', at: 0 });

    expect(valueOf(after).blocks).toEqual([second, third]);
    expect(after).toMatch(/second[^]*with: &settings \{ prompt: script, tone: &tone calm \}/);
    expect(after).toMatch(/third[^]*with: \*settings\n {4}voice: \*tone/);
  });

  it('stands at the first use when the block that says it goes below', () => {
    const after = edited({ kind: 'move-block', from: 0, to: 2 });

    expect(valueOf(after).blocks).toEqual([second, third, first]);
    expect(after.match(/&settings/g)).toHaveLength(1);
    expect(after.match(/\*settings/g)).toHaveLength(2);
  });

  it('keeps its meaning when another of the same name comes between', () => {
    const again = `${text}  - id: fourth\n    with: &settings { prompt: title }\n`;

    const after = edited({ kind: 'move-block', from: 3, to: 1 }, again);

    expect(valueOf(after).blocks).toEqual([
      first,
      { id: 'fourth', with: { prompt: 'title' } },
      second,
      third,
    ]);
  });

  it('is that of one block alone once it is changed there', () => {
    const after = edited({ kind: 'set', path: ['blocks', 1, 'with', 'prompt'], value: 'title' });

    expect(valueOf(after).blocks).toEqual([
      first,
      { ...second, with: { prompt: 'title', tone: 'calm' } },
      third,
    ]);
    const without = edited({ kind: 'set', path: ['blocks', 1, 'with', 'tone'], value: undefined });
    expect(valueOf(without).blocks[1]).toEqual({ ...second, with: { prompt: 'script' } });
  });

  it('is still that of the others when its field is taken away or written anew', () => {
    for (const value of [undefined, { prompt: 'title' }]) {
      const after = edited({ kind: 'set', path: ['blocks', 0, 'with'], value });

      expect(valueOf(after).blocks.slice(1)).toEqual([second, third]);
      expect(valueOf(after).blocks[0]!['with']).toEqual(value);
    }
  });

  it('may be the whole list: a block more is no block less', () => {
    const listed = 'shared: &all [{ id: first, type: import }]\nblocks: *all\n';

    const after = edited({ kind: 'add-block', at: 1, block: { id: 'second', type: 'prompt' } }, listed);

    expect(valueOf(after).blocks.map(({ id }) => id)).toEqual(['first', 'second']);
    expect(valueOf(after)).toMatchObject({ shared: [{ id: 'first' }] });
  });

  it('is kept in steps of a prompt, and when others removed the block that said it', () => {
    const steps = 'steps:\n  - &ask { type: user, text: Hola }\n  - *ask\n';
    expect(parse(editYaml(steps, [{ kind: 'remove', path: ['steps'], at: 0 }]))).toEqual({
      steps: [{ type: 'user', text: 'Hola' }],
    });

    const theirs = stringify({ id: 'show', blocks: [second, third] });
    const merged = mergeTexts({ base: stringify(valueOf(text)), mine: text, theirs });
    expect(valueOf(merged.text).blocks).toEqual([second, third]);
  });
});

/** Steps that each say something by one of three names, or use what was last said by it. */
const steps = fc
  .array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), says: fc.boolean() }), { minLength: 2 })
  .map((list) => {
    const said = new Set<string>();
    return list
      .map(({ name, says }, n) => {
        if (!says && said.has(name)) return `  - *${name}\n`;
        said.add(name);
        return `  - &${name} { text: ${n} }\n`;
      })
      .join('');
  });

describe('whatever is said by a name, and wherever it is used', () => {
  it('what is removed and moved changes no other', () => {
    fc.assert(
      fc.property(steps, fc.nat(), fc.nat(), (list, one, other) => {
        const said = parse(list) as unknown[];
        const [from, to] = [one % said.length, other % said.length];
        const path = ['steps'];

        const without = editYaml(`steps:\n${list}`, [{ kind: 'remove', path, at: from }]);
        const moved = editYaml(`steps:\n${list}`, [{ kind: 'move', path, from, to }]);

        expect(parse(without)).toEqual({ steps: said.toSpliced(from, 1) });
        const item = said[from];
        expect(parse(moved)).toEqual({ steps: said.toSpliced(from, 1).toSpliced(to, 0, item) });
      }),
    );
  });
});

describe('a text that no form can change', () => {
  it('stays as it is where something is used that nothing says', () => {
    const unsaid = text.replace('&settings ', '');

    expect(readWorkflow(unsaid)).toMatchObject({ unreadable: expect.stringContaining('settings') });
    expect(edited({ kind: 'remove-block', at: 0 }, unsaid)).toBe(unsaid);
    expect(editYaml(unsaid, [{ kind: 'set', path: ['name'], value: 'Show' }])).toBe(unsaid);
    expect(readPrompt('steps: *none\n')).toBeUndefined();
  });

  it('does not exist where a field is empty, or says one word where fields are meant', () => {
    for (const written of ['', ' later'])
      expect(
        valueOf(
          edited(
            { kind: 'set', path: ['blocks', 0, 'with', 'prompt'], value: 'script' },
            `blocks:\n  - id: first\n    with:${written}\n`,
          ),
        ).blocks,
      ).toEqual([{ id: 'first', with: { prompt: 'script' } }]);
  });
});
