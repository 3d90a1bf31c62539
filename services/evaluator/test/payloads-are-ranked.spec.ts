import { testBlock, type NotPicked, type Payload } from '@duofactory/block-kit';
import { Expressions } from '@duofactory/expressions';
import { afterAll, describe, expect, it } from '@jest/globals';
import { selectBlock } from '../src/blocks/select/execute.js';
import { sortBlock } from '../src/blocks/sort/execute.js';
import { splitBlock } from '../src/blocks/split/execute.js';
import { transformBlock } from '../src/blocks/transform/execute.js';

describe('payloads are ranked', () => {
  const expressions = new Expressions();
  const scored = (...scores: (number | string | undefined)[]): Payload[] =>
    scores.map((score, i) => ({ key: `script=${i + 1}`, blockResults: { viability: { score }, n: { i } } }));
  const keysOf = (picks: readonly { key: string }[]): string[] => picks.map(({ key }) => key.slice(7));

  afterAll(() => expressions.stop());

  it('select keeps the best that pass, and says their rank and value', async () => {
    const picks = await testBlock<'pick'>(selectBlock(expressions), {
      with: { where: 'viability.score >= viable', by: 'viability.score', top: 2 },
      payloads: scored(0.6, 0.9, 0.8, 0.95),
      variables: { viable: 0.7 },
    });

    expect(picks).toEqual([
      { key: 'script=4', result: { rank: 1, value: 0.95 } },
      { key: 'script=2', result: { rank: 2, value: 0.9 } },
    ]);
  });

  it('and why each of the others was left out is told', async () => {
    const left: NotPicked[] = [];

    await testBlock<'pick'>(selectBlock(expressions), {
      with: { where: 'viability.score >= viable', by: 'viability.score', top: 1 },
      payloads: scored(0.6, 0.9, undefined, 0.95),
      ...{ variables: { viable: 0.7 }, onNotPicked: (payloads) => void left.push(...payloads) },
    });

    const where = 'viability.score >= viable';
    expect(left).toEqual([
      { key: 'script=1', why: { reason: 'where', where, value: false } },
      { key: 'script=3', why: { reason: 'where', where, value: null } },
      { key: 'script=2', why: { reason: 'top', top: 1, rank: 2, value: 0.9 } },
    ]);
  });

  it('equal ones stay in payload order, and what has no value comes last', async () => {
    const select = (payloads: Payload[], order: string) =>
      testBlock<'pick'>(selectBlock(expressions), { with: { by: 'viability.score', order }, payloads });

    expect(keysOf(await select(scored(0.5, undefined, 0.9, 0.5, 0.9), 'desc'))).toEqual([
      '3',
      '5',
      '1',
      '4',
      '2',
    ]);
    expect(keysOf(await select(scored(0.5, undefined, 0.9, 0.5), 'asc'))).toEqual(['1', '4', '3', '2']);
  });

  it('sort orders upward, numbers as numbers and text as text', async () => {
    const sort = (payloads: Payload[]) =>
      testBlock<'pick'>(sortBlock(expressions), { with: { by: 'viability.score' }, payloads });

    expect(keysOf(await sort(scored(10, 9, 100)))).toEqual(['2', '1', '3']);
    expect(keysOf(await sort(scored('b', 'a', 'c')))).toEqual(['2', '1', '3']);
  });

  it('numbers come before texts and these before what has no value, in either order', async () => {
    const sort = async (order: string, ...scores: (number | string | undefined)[]) =>
      keysOf(
        await testBlock<'pick'>(sortBlock(expressions), {
          with: { by: 'viability.score', order },
          payloads: scored(...scores),
        }),
      );

    expect(await sort('asc', 100, '95', undefined, 99, '')).toEqual(['4', '1', '5', '2', '3']);
    expect(await sort('desc', '95', 99, undefined, 100, '')).toEqual(['4', '2', '1', '5', '3']);
  });

  it('a payload for which the order fails comes last, and takes nobody with it', async () => {
    const picks = await testBlock<'pick'>(sortBlock(expressions), {
      with: { by: '$number(viability.score)' },
      payloads: scored('30', 'nope', '5'),
    });

    expect(picks).toEqual([
      { key: 'script=3', result: { rank: 1, value: 5 } },
      { key: 'script=1', result: { rank: 2, value: 30 } },
      { key: 'script=2', result: { rank: 3, value: null } },
    ]);
  });

  it('only what is true passes `where`', async () => {
    const picks = await testBlock<'pick'>(selectBlock(expressions), {
      with: { where: 'viability.score' },
      payloads: scored(0.9, 'yes'),
    });

    expect(picks).toEqual([]);
  });

  it('by several keys, each in its order', async () => {
    const picks = await testBlock<'pick'>(sortBlock(expressions), {
      with: {
        by: [
          { by: 'viability.score', order: 'desc' },
          { by: 'n.i', order: 'desc' },
        ],
      },
      payloads: scored(1, 2, 1, 2),
    });

    expect(keysOf(picks)).toEqual(['4', '2', '3', '1']);
  });

  it('an empty group gives nothing, and a bad expression is terminal', async () => {
    const select = (where: string, payloads: Payload[]) =>
      testBlock<'pick'>(selectBlock(expressions), { with: { where }, payloads });

    expect(await select('true', [])).toEqual([]);
    await expect(select('a b', scored(1))).rejects.toMatchObject({
      code: 'invalid-expression',
      retryable: false,
    });
    await expect(select('viability.score - "a"', scored(1))).rejects.toMatchObject({
      code: 'expression-failed',
    });
  });

  it('split names items by a field, and refuses those without and those twice', async () => {
    const split = (list: unknown, itemId?: string) =>
      testBlock<'many'>(splitBlock(), { with: { list, ...(itemId ? { itemId } : {}) } });

    expect(
      await split(
        [
          { show: 'A', slot: 1 },
          { show: 'B', slot: 2 },
        ],
        'show',
      ),
    ).toEqual([
      { id: 'A', result: { show: 'A', slot: 1 } },
      { id: 'B', result: { show: 'B', slot: 2 } },
    ]);
    expect(await split(['x', 2])).toEqual([{ result: { value: 'x' } }, { result: { value: 2 } }]);
    await expect(split([{}], 'show')).rejects.toMatchObject({ code: 'item-without-id' });
    await expect(split([{ show: 1 }, { show: '1' }], 'show')).rejects.toMatchObject({
      code: 'duplicate-item-id',
    });
    await expect(split('no list')).rejects.toMatchObject({ code: 'invalid-with' });
  });

  it('transform gives an object, or its value', async () => {
    const transform = (expression: string) =>
      testBlock(transformBlock(expressions), {
        with: { expression },
        payload: { script: { lines: ['a', 'b'] } },
        inputs: { course: 'en-es' },
      });

    expect(await transform('{ "lines": $count(script.lines), "course": course }')).toEqual({
      lines: 2,
      course: 'en-es',
    });
    expect(await transform('script.lines')).toEqual({ value: ['a', 'b'] });
    await expect(transform('script.nothing')).rejects.toMatchObject({ code: 'no-value' });
  });
});
