import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { mergeTexts, type Clash } from '../src/draft/merge-texts.js';

const base = `# The show
id: show
variables:
  viable: &threshold 0.7 # agreed with the editors
blocks:
  # Rows of the sheet
  - id: rows
    type: import
  - id: script
    type: prompt # the expensive one
    times: 2
    with: { prompt: script }
`;
const valueOf = (text: string): Record<string, unknown> => parse(text) as Record<string, unknown>;
const merged = (mine: string, theirs: string, choose?: (clash: Clash) => 'mine' | 'theirs') =>
  mergeTexts({ base, mine, theirs }, choose);

describe('what two people changed', () => {
  it('becomes one text by block and field, and my comments stay', () => {
    const mine = base.replace('times: 2', 'times: 5').replace('# Rows of the sheet', '# Rows of my sheet');
    // As the server has it: without comments.
    const theirs = valueOf(base) as { variables: object; blocks: object[] };
    theirs.variables = { viable: 0.8 };
    theirs.blocks.push({ id: 'best', type: 'select', with: { top: 1 } });

    const { text, clashes, taken } = merged(mine, stringify(theirs));

    expect(clashes).toEqual([]);
    expect(taken).toEqual([
      ['variables', 'viable'],
      ['blocks', 'best'],
    ]);
    for (const kept of ['# The show', '# Rows of my sheet', '&threshold 0.8 # agreed', '# the expensive one'])
      expect(text).toContain(kept);
    expect(valueOf(text)).toMatchObject({
      blocks: [{ id: 'rows' }, { id: 'script', times: 5 }, { id: 'best' }],
    });
  });

  it('has the comments of both, also where comments are all that they wrote', () => {
    const mine = base.replace('times: 2', 'times: 5');
    const theirs = base
      .replace('# The show', '# The show of the week')
      .replace('# Rows of the sheet', '# Rows of the sheet\n  # by hand')
      .replace('type: import', 'type: table # theirs');

    const both = merged(mine, theirs);
    expect(both.clashes).toEqual([]);
    expect(both.text).toBe(theirs.replace('times: 2', 'times: 5'));
    expect(both.taken).toEqual([['blocks', 'rows', 'type']]);

    const commented = base.replace('# The show', '# The show of the week');
    expect(merged(mine, commented)).toEqual({
      text: commented.replace('times: 2', 'times: 5'),
      clashes: [],
      taken: [['comments']],
      commentsLeft: [],
    });
  });

  it('names the comments of theirs that stand where I changed something, too', () => {
    const mine = base.replace('times: 2', 'times: 5');
    const theirs = base.replace('times: 2', 'times: 2 # so many');

    expect(merged(mine, theirs)).toMatchObject({ text: mine, clashes: [], commentsLeft: ['# so many'] });
    expect(merged(base, theirs)).toMatchObject({ text: theirs, commentsLeft: [] });
  });

  it('loses no comment of mine to a text that nobody wrote', () => {
    const mine = base.replace('prompt: script', 'prompt: other');
    const theirs = stringify({ ...valueOf(base), description: 'Of the week' });

    const { text } = merged(mine, theirs);
    for (const kept of ['# The show', '&threshold 0.7 # agreed', '# Rows of the sheet', 'Of the week'])
      expect(text).toContain(kept);
    expect(text).toContain('prompt: other');
  });

  it('at one place stays mine and is told, until theirs is chosen', () => {
    const mine = base.replace('times: 2', 'times: 5');
    const theirs = base.replace('times: 2', 'times: 9').replace('type: import', 'type: table');
    const clash = { path: ['blocks', 'script', 'times'], mine: 5, theirs: 9 };

    const kept = merged(mine, theirs);
    expect(kept.clashes).toEqual([clash]);
    expect(valueOf(kept.text)).toMatchObject({ blocks: [{ type: 'table' }, { times: 5 }] });

    const chosen = merged(mine, theirs, () => 'theirs');
    expect(valueOf(chosen.text)).toMatchObject({ blocks: [{ type: 'table' }, { times: 9 }] });
  });

  it('is told where one took away what the other changed', () => {
    const without = base.slice(0, base.indexOf('  - id: script'));
    const changed = base.replace('times: 2', 'times: 9');
    const { type, with: given } = { type: 'prompt', with: { prompt: 'script' } };
    const script = { id: 'script', type, times: 9, with: given };

    const iTook = merged(without, changed);
    expect(iTook.clashes).toEqual([{ path: ['blocks', 'script'], mine: undefined, theirs: script }]);
    expect(iTook.text).toBe(without);

    const theyTook = merged(changed, without);
    expect(theyTook.clashes).toEqual([{ path: ['blocks', 'script'], mine: script, theirs: undefined }]);
    expect(theyTook.text).toBe(changed);
    expect(valueOf(merged(changed, without, () => 'theirs').text)['blocks']).toHaveLength(1);
    // Nobody changed it: it goes.
    expect(valueOf(merged(base, without).text)['blocks']).toHaveLength(1);
  });

  it('is found by what a step was, whoever moved it and whatever came between', () => {
    const steps = (...texts: string[]): string =>
      stringify({ steps: texts.map((text) => ({ type: 'user', text })) });
    const textsOf = (of: { base: string; mine: string; theirs: string }): string[] =>
      (valueOf(mergeTexts(of).text)['steps'] as { text: string }[]).map(({ text }) => text);

    expect(
      textsOf({
        base: steps('a', 'b', 'c'),
        mine: steps('a', 'b', 'C'),
        theirs: steps('new', 'a', 'b', 'c'),
      }),
    ).toEqual(['new', 'a', 'b', 'C']);
    expect(
      textsOf({ base: steps('a', 'b', 'c'), mine: steps('a', 'b', 'c', 'd'), theirs: steps('c', 'a', 'b') }),
    ).toEqual(['c', 'a', 'b', 'd']);
    expect(textsOf({ base: steps('a'), mine: steps('a', 'mine'), theirs: steps('a', 'theirs') })).toEqual([
      'a',
      'mine',
      'theirs',
    ]);
  });

  it('of a text that cannot be read, or whose beginning is not known, is one place', () => {
    const broken = 'blocks: [\n';
    expect(merged(broken, base)).toEqual({
      text: broken,
      clashes: [{ path: [], mine: broken, theirs: base }],
      taken: [],
      commentsLeft: [],
    });
    expect(merged(broken, base, () => 'theirs').text).toBe(base);
    expect(mergeTexts({ base: undefined, mine: base, theirs: 'id: other\n' }).clashes).toHaveLength(1);
    expect(mergeTexts({ base: undefined, mine: base, theirs: base }).clashes).toEqual([]);
  });

  it('is whole: what one alone changed is as they made it, and what both changed alike is no question', () => {
    const field = fc.constantFrom('a', 'b', 'c');
    const step = fc.record({ text: field, type: field }, { requiredKeys: ['text'] });
    const document = fc.record(
      { name: field, steps: fc.array(step, { maxLength: 4 }), model: fc.dictionary(field, field) },
      { requiredKeys: ['steps'] },
    );
    fc.assert(
      fc.property(document, document, (one, other) => {
        const [was, is] = [stringify(one), stringify(other)];
        const theirs = mergeTexts({ base: was, mine: was, theirs: is });
        const mine = mergeTexts({ base: was, mine: is, theirs: was });
        const both = mergeTexts({ base: was, mine: is, theirs: is });
        for (const { clashes } of [theirs, mine, both]) expect(clashes).toEqual([]);
        expect(parse(theirs.text)).toEqual(parse(is));
        expect([mine.text, both.text]).toEqual([is, is]);
      }),
    );
  });

  it('never drops what I have, whatever they did', () => {
    const steps = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 5 });
    fc.assert(
      fc.property(steps, steps, steps, (was, is, other) => {
        const [begun, mine, theirs] = [was, is, other].map((list) => stringify({ steps: list }));
        const { text } = mergeTexts({ base: begun!, mine: mine!, theirs: theirs! });
        const kept = (parse(text) as { steps: string[] }).steps;
        const own = is.filter((item) => !was.includes(item));
        for (const item of own) expect(kept).toContain(item);
      }),
    );
  });
});
