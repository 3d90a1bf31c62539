import { Type, type Static } from 'typebox';

/** What one effect used and cost. Travels beside results, never in them. */
export const Usage = Type.Object(
  {
    ledger: Type.Optional(Type.String({ description: 'Key of the ledger entry that paid for it' })),
    requestId: Type.Optional(Type.String({ description: "The vendor's name for the call" })),
    kind: Type.String({ examples: ['model', 'speech'] }),
    provider: Type.String(),
    model: Type.String(),
    units: Type.Record(Type.String(), Type.Number(), {
      description: 'inputTokens, outputTokens, characters …',
    }),
    cost: Type.Union([Type.Object({ amount: Type.Number(), currency: Type.String() }), Type.Null()], {
      description: 'null: the price is unknown',
    }),
    saved: Type.Boolean({ description: 'true: replayed from the ledger, nothing was paid' }),
  },
  { title: 'Usage' },
);
export type Usage = Static<typeof Usage>;
