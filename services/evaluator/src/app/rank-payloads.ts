import type { BlockContext, BlockTask, NotPicked, Payload } from '@duofactory/block-kit';
import { Expressions, ExpressionFailed } from '@duofactory/expressions';
import { Type, type Static } from 'typebox';
import { classified } from './expression-failure.js';

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

/** Filters and orders the payloads of a group, and tells why others are left out. Equal ones stay in payload order. Throws BlockFailure. */
export async function rankPayloads(
  expressions: Expressions,
  { with: { where, by, order: given, top }, inputs, variables, ...task }: BlockTask<Ranking>,
  defaultOrder: 'asc' | 'desc',
  { signal, notPicked }: Pick<BlockContext, 'signal' | 'notPicked'>,
): Promise<RankedPayload[]> {
  const all = await task.payloads();
  const scopesOf = (payloads: readonly Payload[]): object[] =>
    payloads.map(({ blockResults }) => ({ ...variables, ...inputs, ...blockResults }));

  const passes =
    where === undefined
      ? undefined
      : await expressions.evaluate(where, scopesOf(all), { signal }).catch((error: unknown) => {
          throw classified(error);
        });
  const kept = passes ? all.filter((_, i) => passes[i] === true) : all;
  const criteria = (typeof by === 'string' ? [{ by }] : (by ?? [])) as {
    by: string;
    order?: 'asc' | 'desc';
  }[];
  const scopes = scopesOf(kept);
  const values = await Promise.all(criteria.map((one) => valuesOf(expressions, one.by, scopes, signal)));
  const places = kept.map((_, i) => i);
  places.sort((a, b) => {
    for (const [n, criterion] of criteria.entries()) {
      const compared = compare(values[n]![a], values[n]![b], criterion.order ?? given ?? defaultOrder);
      if (compared !== 0) return compared;
    }
    return a - b;
  });
  const ranked = places.map((place, rank) => ({
    key: kept[place]!.key,
    result: { rank: rank + 1, value: values[0]?.[place] ?? null },
  }));
  if (passes) notPicked(failing(all, passes, where!));
  if (top === undefined) return ranked;
  notPicked(ranked.slice(top).map(({ key, result }) => ({ key, why: { reason: 'top', top, ...result } })));
  return ranked.slice(0, top);
}

/** Those for which the condition is not true, and what it is for them. */
function failing(all: readonly Payload[], passes: readonly unknown[], where: string): NotPicked[] {
  return all.flatMap(({ key }, i) =>
    passes[i] === true ? [] : [{ key, why: { reason: 'where', where, value: passes[i] ?? null } }],
  );
}

/** A payload for which the expression fails has no value; the others have theirs. Throws BlockFailure. */
async function valuesOf(
  expressions: Expressions,
  by: string,
  scopes: readonly object[],
  signal: AbortSignal,
): Promise<unknown[]> {
  try {
    return await expressions.evaluate(by, scopes, { signal });
  } catch (error) {
    if (!(error instanceof ExpressionFailed)) throw classified(error);
  }
  const values: unknown[] = [];
  for (const scope of scopes) {
    const [value] = await expressions.evaluate(by, [scope], { signal }).catch((error: unknown) => {
      if (error instanceof ExpressionFailed) return [undefined];
      throw classified(error);
    });
    values.push(value);
  }
  return values;
}

/** In either order numbers come before texts, these before all else, and what has no value last. */
function compare(a: unknown, b: unknown, order: 'asc' | 'desc'): number {
  const kinds = kindOf(a) - kindOf(b);
  if (kinds !== 0 || kindOf(a) === NO_VALUE) return kinds;
  const [x, y] = typeof a === 'number' && typeof b === 'number' ? [a, b] : [textOf(a), textOf(b)];
  if (x === y) return 0;
  return x < y === (order === 'asc') ? -1 : 1;
}

const NO_VALUE = 3;

function kindOf(value: unknown): number {
  if (value === undefined || value === null) return NO_VALUE;
  return typeof value === 'number' ? 0 : typeof value === 'string' ? 1 : 2;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
