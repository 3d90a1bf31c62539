import { BlockFailure, type BlockTask, type Payload } from '@duofactory/block-kit';
import { Expressions, ExpressionFailed, ExpressionTimeout, InvalidExpression } from '@duofactory/expressions';
import { Type, type Static } from 'typebox';

export const Order = Type.Enum(['asc', 'desc']);

/** What `sort` and `select` have in common. */
export const RankingFields = {
  where: Type.Optional(
    Type.String({
      format: 'expression',
      title: 'Where',
      description: 'Only payloads for which this is true',
      examples: ['viability.score >= viable'],
    }),
  ),
  by: Type.Optional(
    Type.Union(
      [
        Type.String({ format: 'expression' }),
        Type.Array(Type.Object({ by: Type.String({ format: 'expression' }), order: Type.Optional(Order) }), {
          minItems: 1,
        }),
      ],
      {
        title: 'By',
        description: 'What they are ordered by: an expression, or several',
        examples: ['viability.score'],
      },
    ),
  ),
  order: Type.Optional(Order),
  top: Type.Optional(Type.Integer({ minimum: 1, title: 'Top', description: 'At most so many' })),
};

export type Ranking = Static<Type.TObject<typeof RankingFields>>;

export interface RankedPayload {
  readonly key: string;
  readonly result: { readonly rank: number; readonly value: unknown };
}

/** Filters and orders the payloads of a group. Equal ones stay in payload order. Throws BlockFailure. */
export async function rankPayloads(
  expressions: Expressions,
  { with: { where, by, order: given, top }, inputs, variables, ...task }: BlockTask<Ranking>,
  defaultOrder: 'asc' | 'desc',
  signal: AbortSignal,
): Promise<RankedPayload[]> {
  const all = await task.payloads();
  const evaluate = (expression: string, payloads: readonly Payload[]): Promise<unknown[]> =>
    expressions
      .evaluate(
        expression,
        payloads.map(({ blockResults }) => ({ ...variables, ...inputs, ...blockResults })),
        { signal },
      )
      .catch((error: unknown) => {
        throw classified(error);
      });

  const passes = where === undefined ? undefined : await evaluate(where, all);
  const kept = passes ? all.filter((_, i) => passes[i] === true) : all;
  const criteria = (typeof by === 'string' ? [{ by }] : (by ?? [])) as {
    by: string;
    order?: 'asc' | 'desc';
  }[];
  const values = await Promise.all(criteria.map((one) => evaluate(one.by, kept)));
  const places = kept.map((_, i) => i);
  places.sort((a, b) => {
    for (const [n, criterion] of criteria.entries()) {
      const compared = compare(values[n]![a], values[n]![b], criterion.order ?? given ?? defaultOrder);
      if (compared !== 0) return compared;
    }
    return a - b;
  });
  return places.slice(0, top ?? places.length).map((place, rank) => ({
    key: kept[place]!.key,
    result: { rank: rank + 1, value: values[0]?.[place] ?? null },
  }));
}

/** What has no value comes last, in either order. */
function compare(a: unknown, b: unknown, order: 'asc' | 'desc'): number {
  const missing = Number(a === undefined || a === null) - Number(b === undefined || b === null);
  if (missing !== 0 || a === b || a === undefined || a === null) return missing;
  const ascending =
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : textOf(a) < textOf(b)
        ? -1
        : textOf(a) > textOf(b)
          ? 1
          : 0;
  return order === 'asc' ? ascending : -ascending;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An expression's failures come again: they are terminal. */
export function classified(error: unknown): unknown {
  if (
    error instanceof InvalidExpression ||
    error instanceof ExpressionFailed ||
    error instanceof ExpressionTimeout
  )
    return new BlockFailure(error.code, error.message, { cause: error });
  return error;
}
