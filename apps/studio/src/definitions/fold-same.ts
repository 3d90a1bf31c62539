/** Of what stayed, so much stands beside what changed. */
const BESIDE = 120;
/** Less is not worth a button. */
const LEAST_FOLDED = 200;

// A variable is one word, as in the comparison; of what has no spaces, a part is enough.
const WORDS = /\{\{[^{}]*\}\}|[\p{L}\p{M}\p{N}_]{1,40}|\s+|[^]/gu;

export interface Folded {
  readonly before: string;
  readonly folded: string;
  readonly after: string;
}

/** What stays of a long text between what changed, its middle folded away; undefined: it is short enough. */
export function foldSame(text: string, at: { isFirst: boolean; isLast: boolean }): Folded | undefined {
  if (text.length < LEAST_FOLDED) return undefined;
  const words = text.match(WORDS) ?? [];
  const head = at.isFirst ? 0 : count(words);
  const tail = at.isLast ? 0 : count(words.toReversed());
  const until = words.length - tail;
  const folded = words.slice(head, Math.max(head, until)).join('');
  if (folded.length < LEAST_FOLDED) return undefined;
  return { before: words.slice(0, head).join(''), folded, after: words.slice(until).join('') };
}

/** As many as have that length together. */
function count(words: readonly string[]): number {
  let length = 0;
  const after = words.findIndex((word) => (length += word.length) >= BESIDE);
  return after < 0 ? words.length : after + 1;
}
