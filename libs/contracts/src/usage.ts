import { Type, type Static } from 'typebox';

/** Dollars that one call may cost. Sums of them are told, and budgets lean on them: neither bears any number. */
const MOST_COST = 1_000_000;
const MOST_UNITS = 1e15;

/** What one effect used and cost. Travels beside results, never in them. */
export const Usage = Type.Object(
  {
    ledger: Type.Optional(Type.String({ description: 'Key of the ledger entry that paid for it' })),
    requestId: Type.Optional(Type.String({ description: "The vendor's name for the call" })),
    kind: Type.String({ examples: ['model', 'speech'] }),
    provider: Type.String(),
    model: Type.String(),
    units: Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: MOST_UNITS }), {
      description: 'inputTokens, outputTokens, characters …',
    }),
    cost: Type.Union(
      [
        Type.Object({
          amount: Type.Number({ minimum: 0, maximum: MOST_COST }),
          currency: Type.Literal('USD'),
        }),
        Type.Null(),
      ],
      {
        description: 'null: the price is unknown',
      },
    ),
    saved: Type.Boolean({ description: 'true: replayed from the ledger, nothing was paid' }),
  },
  { title: 'Usage' },
);
export type Usage = Static<typeof Usage>;

/** In US dollars: what was paid, what was read from the ledger instead, and how many have no known price. */
export interface SpentOn {
  readonly paid: number;
  readonly saved: number;
  readonly unpriced: number;
}

export function spentOn(
  usage: readonly { readonly cost: { readonly amount: number } | null; readonly saved?: boolean }[],
): SpentOn {
  const sum = (wanted: boolean): number =>
    usage.reduce((total, { cost, saved = false }) => total + (saved === wanted ? (cost?.amount ?? 0) : 0), 0);
  return { paid: sum(false), saved: sum(true), unpriced: usage.filter(({ cost }) => cost === null).length };
}

/** Several amounts together. One that is unknown leaves the whole unknown. */
export function sumIfKnown(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>(
    (sum, amount) => (sum === null || amount === null ? null : sum + amount),
    0,
  );
}
