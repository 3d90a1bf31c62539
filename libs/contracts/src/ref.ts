import { Type, type Static } from 'typebox';

/** A pointer to an immutable object of the object store. */
export const Ref = Type.Object(
  {
    object: Type.String({ pattern: '^sha256/[0-9a-f]{2}/[0-9a-f]{64}$' }),
    mediaType: Type.String(),
    sizeBytes: Type.Integer({ minimum: 0 }),
  },
  { title: 'Ref' },
);
export type Ref = Static<typeof Ref>;

/** Values above this travel by reference (claim check). */
export const MAX_INLINE_BYTES = 256 * 1024;
