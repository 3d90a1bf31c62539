import { afterEach, describe, expect, it } from '@jest/globals';
import { checkExpression } from './check-expression.js';
import { ExpressionFailed, ExpressionTimeout, InvalidExpression } from './expression-errors.js';
import { Expressions } from './expressions.js';

const FOREVER = '($loop := function($n) { $loop($n + 1) }; $loop(1))';

describe('expressions', () => {
  let expressions = new Expressions();

  afterEach(async () => {
    await expressions.stop();
    expressions = new Expressions();
  });

  it('yield a value for each scope, in order', async () => {
    const scopes = [
      { viability: { score: 0.9 }, viable: 0.7 },
      { viability: { score: 0.6 }, viable: 0.7 },
    ];

    expect(await expressions.evaluate('viability.score >= viable', scopes)).toEqual([true, false]);
    expect(await expressions.evaluate('viability.scores', scopes)).toEqual([undefined, undefined]);
    expect(await expressions.evaluate('[viability.score, viable]', scopes)).toEqual([
      [0.9, 0.7],
      [0.6, 0.7],
    ]);
  });

  it('take thousands of scopes in one call', async () => {
    const scopes = Array.from({ length: 5000 }, (_, i) => ({ row: { i } }));

    const values = await expressions.evaluate('row.i * 2', scopes);

    expect(values).toHaveLength(5000);
    expect(values[4999]).toBe(9998);
  });

  it('that loop end at their limit, and the ones behind them go on', async () => {
    const looping = expressions.evaluate(FOREVER, [{}], { timeLimitMs: 100 });
    const behind = expressions.evaluate('1 + 1', [{}]);

    await expect(looping).rejects.toThrow(ExpressionTimeout);
    expect(await behind).toEqual([2]);
  });

  it.each([
    ['of one text', '$length($pad("x", 400000000))'],
    ['of many lists', '$count([1..40].[[1..9999999]])'],
  ])(
    'that take the memory %s end, the process does not, and the ones behind them go on',
    async (_of, text) => {
      const greedy = expressions.evaluate(text, [{}], { timeLimitMs: 60_000 });
      const behind = expressions.evaluate('1 + 1', [{}]);

      await expect(greedy).rejects.toMatchObject({
        code: 'expression-failed',
        message: expect.stringContaining('it takes more than 512 MB'),
      });
      expect(await behind).toEqual([2]);
    },
  );

  it('end when nobody waits for them any more', async () => {
    const gone = new AbortController();
    const looping = expressions.evaluate(FOREVER, [{}], { timeLimitMs: 60_000, signal: gone.signal });
    const waiting = expressions.evaluate('1', [{}], { signal: gone.signal });

    gone.abort(new Error('cancelled'));

    await expect(looping).rejects.toThrow('cancelled');
    await expect(waiting).rejects.toThrow('cancelled');
    expect(await expressions.evaluate('2', [{}])).toEqual([2]);
  });

  it('say where their syntax is wrong', async () => {
    expect(checkExpression('a.b >= 1')).toBeUndefined();
    expect(checkExpression('a.b >= ')?.message).toContain('Unexpected end');
    for (const foreign of ['a == 1', 'a && b', 'a || b', '!a'])
      expect(checkExpression(foreign)?.message).toContain('single "=", and says "and", "or"');
    expect(checkExpression('a = "==" and')?.message).not.toContain('single "="');
    await expect(expressions.evaluate('a b', [{}])).rejects.toThrow(InvalidExpression);
    await expect(expressions.evaluate('"a" - 1', [{}])).rejects.toThrow(ExpressionFailed);
  });

  it('reach nothing of the process', async () => {
    const hostile = ['$constructor', 'process.env', '$eval("1+1")', '__proto__.constructor'];

    const values = await Promise.all(
      hostile.map((one) => expressions.evaluate(one, [{}]).catch((error: unknown) => (error as Error).name)),
    );

    expect(values.slice(0, 2)).toEqual([[undefined], [undefined]]);
    expect(values[2]).toEqual([2]);
    expect(values[3]).toEqual([undefined]);
  });

  it.each([10_000, 1_000_000])(
    'fails of what is %i levels deep, and goes on with the next',
    async (depth) => {
      let deep: object = {};
      for (let level = 0; level < depth; level += 1) deep = { a: deep };
      const scopes = [{ deep }];

      const [first, second, sound] = await Promise.allSettled([
        expressions.evaluate('$exists(deep) and ok', scopes),
        expressions.evaluate('deep.a.a', scopes),
        expressions.evaluate('ok', [{ ok: true }]),
      ]);

      for (const one of [first, second])
        expect(one).toEqual({ status: 'rejected', reason: expect.any(ExpressionFailed) });
      expect(sound).toEqual({ status: 'fulfilled', value: [true] });
    },
  );
});
