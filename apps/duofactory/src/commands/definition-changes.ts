export interface Diff {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly changes: readonly {
    readonly path: string;
    readonly pathBefore?: string;
    readonly kind: 'added' | 'removed' | 'changed';
    readonly before?: unknown;
    readonly after?: unknown;
    readonly words?: readonly { op: 'same' | 'added' | 'removed'; text: string }[];
  }[];
}

/** What differs, for people: texts as `git diff --word-diff` writes them, `[-old-]{+new+}`. */
export function describeChanges({ id, from, to, changes }: Diff): string {
  if (changes.length === 0) return `${id}: ${from} and ${to} are the same\n`;
  return changes
    .map(({ path, pathBefore, kind, before, after, words }) => {
      const place = pathBefore === undefined ? path : `${path} (was ${pathBefore})`;
      if (kind === 'added') return `+ ${place}: ${textOf(after)}\n`;
      if (kind === 'removed') return `- ${place}: ${textOf(before)}\n`;
      if (words === undefined) return `~ ${place}: ${textOf(before)} -> ${textOf(after)}\n`;
      return `~ ${place}:\n${indented(words.map(marked).join(''))}\n`;
    })
    .join('');
}

function marked({ op, text }: { op: 'same' | 'added' | 'removed'; text: string }): string {
  return op === 'same' ? text : op === 'added' ? `{+${text}+}` : `[-${text}-]`;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
