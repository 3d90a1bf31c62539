import { Type, type Static, type TSchema } from 'typebox';

const REFERENCE = 'reference:';

/** A field of `with` that names a versioned thing, such as a prompt: `id`, `id@7` or `id@label`. Runs pin its version. */
export const Reference = (kind: string, options: { title?: string; description?: string } = {}) =>
  Type.String({ minLength: 1, ...options, format: `${REFERENCE}${kind}` });

/** The kind of thing that a field with this schema refers to, if any. */
export function referenceKind(schema: unknown): string | undefined {
  const format = (schema as { format?: unknown } | null)?.format;
  return typeof format === 'string' && format.startsWith(REFERENCE)
    ? format.slice(REFERENCE.length)
    : undefined;
}

export const BlockInput = Type.Enum(['each', 'all']);
export const BlockOutput = Type.Enum(['one', 'many', 'pick']);

/** What a block type takes, makes and reads: all that the orchestrator and the studio know of it. */
export const BlockManifest = Type.Object(
  {
    type: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    /** Raised when the meaning of `with` or of the result changes; part of the input hash. */
    version: Type.Integer({ minimum: 1 }),
    title: Type.String(),
    description: Type.String(),
    /** `both`: the definition says which. */
    input: Type.Enum(['each', 'all', 'both']),
    output: BlockOutput,
    /** May run `times` times for each payload (only each + one). */
    samples: Type.Optional(Type.Boolean()),
    /** JSON Schema 2020-12 of the block's configuration. */
    with: Type.Record(Type.String(), Type.Unknown()),
    /** JSON Schema of one result; feeds completion in the studio. */
    result: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    /** `named`: results that the configuration names; `all`: every visible result is sent and hashed. */
    reads: Type.Optional(Type.Enum(['named', 'all'])),
    /** Fields of `with` whose templates and expressions the service resolves itself: sent as written. */
    raw: Type.Optional(Type.Array(Type.String())),
    /** How long an attempt may take from the start of its work, if the definition does not say. */
    timeout: Type.Optional(Type.String()),
  },
  { title: 'BlockManifest' },
);
export type BlockManifest = Omit<Static<typeof BlockManifest>, 'with' | 'result'> & {
  with: TSchema;
  result?: TSchema;
};
