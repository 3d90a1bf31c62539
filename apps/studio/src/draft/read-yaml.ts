import { LineCounter, parseDocument } from 'yaml';

export type YamlReading =
  { readonly value: unknown } | { readonly unreadable: string; readonly line: number | undefined };

/** Fewer than would make a small text a large value. */
export const MOST_ALIASES = 100;

/** What a text says. Reading it never fails: it says why nothing can be made of it. */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) return { unreadable: error.message, line: lines.linePos(error.pos[0]).line };
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown };
  } catch (cause) {
    return { unreadable: cause instanceof Error ? cause.message : String(cause), line: undefined };
  }
}
