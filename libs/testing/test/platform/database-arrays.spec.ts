import { describe, expect, it } from '@jest/globals';
import { useDatabase } from '../../src/index.js';
import fc from 'fast-check';

describe('arrays as parameters', () => {
  const postgres = useDatabase('arrays', []);

  /** What PostgreSQL makes of an array, as JSON. */
  const stored = async (type: string, values: readonly unknown[]): Promise<unknown> => {
    const text = `select coalesce(jsonb_agg(value order by n), '[]') as values from unnest($1::${type}[]) with ordinality as a (value, n)`;
    const { rows } = await postgres.current.query<{ values: unknown }>({ text, values: [values] });
    return rows[0]!.values;
  };

  it('hold any text that PostgreSQL can store, and NULL', async () => {
    const character = fc.constantFrom('"', '\\', '{', '}', ',', ' ', '\n', "'", 'NULL', 'é', '日', '😀', 'a');
    const text = fc.array(character, { maxLength: 8 }).map((parts) => parts.join(''));

    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { maxLength: 20 }), async (values) => {
        expect(await stored('text', values)).toEqual(values);
      }),
      { numRuns: 200 },
    );
  });

  it('hold numbers, truth values and JSON', async () => {
    expect(await stored('bigint', [0, -1, 9007199254740991, undefined])).toEqual([
      0,
      -1,
      9007199254740991,
      null,
    ]);
    expect(await stored('double precision', [0.1, -1e21, 5e-324])).toEqual([0.1, -1e21, 5e-324]);
    expect(await stored('boolean', [true, false, null])).toEqual([true, false, null]);
    expect(await stored('jsonb', ['{"a":"b\\"c"}', '[1]', null])).toEqual([{ a: 'b"c' }, [1], null]);
    expect(await stored('text', [])).toEqual([]);
  });

  it('hold times to the millisecond', async () => {
    const at = new Date('2026-02-03T04:05:06.789Z');
    const text = `select $1::timestamptz[] as times`;

    const { rows } = await postgres.current.query<{ times: unknown }>({ text, values: [[at, null]] });

    expect(rows[0]!.times).toEqual([at, null]);
  });
});
