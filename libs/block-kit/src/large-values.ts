import { MAX_INLINE_BYTES, Ref, type BlockAnswer } from '@duofactory/contracts';
import type { ObjectStore } from '@duofactory/objects';
import { Compile } from 'typebox/compile';
import type { ManyOutput } from './block-type.js';

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

type Output = NonNullable<BlockAnswer['outputs']>[number];

const PIECE_CHARACTERS = 64 * 1024;
const BEGIN = '{"outputs":[';
const END = ']}';

/** As of `packedAnswer`: outputs that do not fit into an event go to the object store as they come. */
export async function packedOutputs(
  outputs: Iterable<ManyOutput> | AsyncIterable<ManyOutput>,
  objects: ObjectStore,
  signal: () => AbortSignal,
): Promise<BlockAnswer | { answer: Ref }> {
  const rest = eachPacked(outputs, objects);
  const few: Output[] = [];
  const texts: string[] = [];
  // A comma more than there is: the first output has none before it.
  for (let bytes = Buffer.byteLength(BEGIN + END) - 1; bytes <= MAX_INLINE_BYTES;) {
    const next = await rest.next();
    if (next.done) return { outputs: few };
    few.push(next.value);
    const text = JSON.stringify(next.value);
    texts.push(text);
    bytes += Buffer.byteLength(text) + 1;
  }
  const bytes = continued(`${BEGIN}${texts.join(',')}`, rest);
  return { answer: await objects.putStream(bytes, 'application/json', signal()) };
}

async function* eachPacked(
  outputs: Iterable<ManyOutput> | AsyncIterable<ManyOutput>,
  objects: ObjectStore,
): AsyncGenerator<Output, void> {
  for await (const { id, result } of outputs)
    yield { ...(id === undefined ? {} : { id }), ...(await packed(result, objects)) };
}

async function* continued(begun: string, rest: AsyncIterable<Output>): AsyncIterable<Uint8Array> {
  let piece = begun;
  for await (const output of rest) {
    piece += `,${JSON.stringify(output)}`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(`${piece}${END}`);
}

/** Large values read from the object store, each of them once: what several payloads see is one value. */
export class ObjectsOnce {
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(private readonly objects: ObjectStore) {}

  /** Results by block id, with those that travelled as pointers read from the object store. */
  async unpacked(blockResults: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const entries = Object.entries(blockResults).map(async ([block, value]) => {
      const pointer = pointerOf(value);
      return [block, pointer === undefined ? value : await this.#valueOf(pointer)] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  #valueOf(pointer: Ref): Promise<unknown> {
    const known = this.#read.get(pointer.object);
    if (known) return known;
    const value = this.objects
      .get(pointer)
      .then((bytes) => JSON.parse(Buffer.from(bytes).toString()) as unknown);
    this.#read.set(pointer.object, value);
    return value;
  }
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
