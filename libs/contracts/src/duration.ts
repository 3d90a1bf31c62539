import { Type } from 'typebox';

export const DURATION_PATTERN = '^(\\d+)(ms|s|m|h)$';

/** `500ms`, `30s`, `15m`, `2h`. */
export const Duration = Type.String({
  pattern: DURATION_PATTERN,
  title: 'Duration',
  description: 'A number and a unit: ms, s, m or h',
  examples: ['500ms', '30s', '15m', '2h'],
});

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a duration that its schema accepted. Throws RangeError on anything else. */
export function durationMs(duration: string): number {
  const match = new RegExp(DURATION_PATTERN).exec(duration);
  if (!match)
    throw new RangeError(`"${duration}" is no duration: write a number and ms, s, m or h, such as 30s`);
  return Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS];
}
