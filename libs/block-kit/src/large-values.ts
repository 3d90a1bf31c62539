import { MAX_INLINE_BYTES, Ref, type BlockAnswer } from '@duofactory/contracts';
import type { ObjectStore } from '@duofactory/objects';
import { Compile } from 'typebox/compile';

const ref = Compile(Ref);

/** A result as it travels: itself, or a pointer to it where it is too large for an event (claim check). */
export async function packed(
  result: object,
  objects: ObjectStore,
): Promise<{ result: Record<string, unknown> } | { ref: Ref }> {
  const text = JSON.stringify(result);
  if (fitsIn(text)) return { result: result as Record<string, unknown> };
  return { ref: await objects.put(Buffer.from(text), 'application/json') };
}

/** An answer as it travels: itself, or a pointer to it where all of it together is too large for an event. */
export async function packedAnswer(
  answer: BlockAnswer,
  objects: ObjectStore,
): Promise<BlockAnswer | { answer: Ref }> {
  const text = JSON.stringify(answer);
  if (fitsIn(text)) return answer;
  return { answer: await objects.put(Buffer.from(text), 'application/json') };
}

/** Results by block id, with those that travelled as pointers read from the object store. */
export async function unpacked(
  blockResults: Readonly<Record<string, unknown>>,
  objects: ObjectStore,
): Promise<Record<string, unknown>> {
  const entries = Object.entries(blockResults).map(async ([block, value]) => {
    const pointer = pointerOf(value);
    if (pointer === undefined) return [block, value] as const;
    const bytes = await objects.get(pointer);
    return [block, JSON.parse(Buffer.from(bytes).toString()) as unknown] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function fitsIn(text: string): boolean {
  // A character has at most three bytes.
  return text.length * 3 <= MAX_INLINE_BYTES || Buffer.byteLength(text) <= MAX_INLINE_BYTES;
}

/** `{ref}` and nothing else: no block's own result looks like that. */
function pointerOf(value: unknown): Ref | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return undefined;
  const inner = (value as { ref?: unknown }).ref;
  return ref.Check(inner) ? inner : undefined;
}
