import { diff3Merge } from 'node-diff3';

/**
 * Both texts as one by their lines, with the comments of both; undefined: they changed the same lines, or a comment or an
 * anchor of mine would go with a text that nobody wrote by hand.
 */
export function mergeLines(of: { base: string; mine: string; theirs: string }): string | undefined {
  const [mine, base, theirs] = [of.mine, of.base, of.theirs].map((text) => text.split('\n')) as [
    string[],
    string[],
    string[],
  ];
  const pieces = diff3Merge(mine, base, theirs);
  if (pieces.some(({ conflict }) => conflict)) return undefined;
  const text = pieces.flatMap(({ ok = [] }) => ok).join('\n');
  return marksOf(of.mine).every((mark) => text.includes(mark)) ? text : undefined;
}

/** What no value says: comments, and the names of anchors. */
const marksOf = (text: string): readonly string[] => [
  ...commentsOf(text),
  ...(text.match(/(?<=^|\s)[&*][\w-]+/gm) ?? []),
];

export const commentsOf = (text: string): readonly string[] => text.match(/(?<=^|\s)#.*/gm) ?? [];
