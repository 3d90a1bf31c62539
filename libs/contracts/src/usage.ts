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
    saved: Type.Boolean({
      description: 'true: replayed from the ledger, what another task, or nobody in a run, had paid for',
    }),
    again: Type.Optional(
      Type.Boolean({
        description:
          'true: the same task had paid for it before, and may have told so: it counts once for a task and ledger entry, and saved nothing',
      }),
    ),
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

/**
 * What was paid for, however often it is told: a ledger pays each of its entries once, and again only where a worker was
 * taken for dead and was not, which are two of the vendor's calls. undefined: it came without an entry.
 */
export function paymentOf({
  ledger,
  requestId = '',
}: Pick<Usage, 'ledger' | 'requestId'>): string | undefined {
  return ledger === undefined ? undefined : `${ledger} ${requestId}`;
}

interface Told {
  readonly ledger?: string;
  readonly requestId?: string;
  readonly cost: { readonly amount: number } | null;
  readonly saved?: boolean;
}

export function spentOn(usage: readonly Told[]): SpentOn {
  const once = firstTold(usage);
  const sum = (wanted: boolean): number =>
    once.reduce((total, { cost, saved = false }) => total + (saved === wanted ? (cost?.amount ?? 0) : 0), 0);
  return { paid: sum(false), saved: sum(true), unpriced: once.filter(({ cost }) => cost === null).length };
}

/** However many attempts tell of a payment, it counts once. */
function firstTold(usage: readonly Told[]): Told[] {
  const paid = new Set<string>();
  return usage.filter((one) => {
    const payment = paymentOf(one);
    if (one.saved || payment === undefined) return true;
    return !paid.has(payment) && paid.add(payment);
  });
}

/** Several amounts together. One that is unknown leaves the whole unknown. */
export function sumIfKnown(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>(
    (sum, amount) => (sum === null || amount === null ? null : sum + amount),
    0,
  );
}
