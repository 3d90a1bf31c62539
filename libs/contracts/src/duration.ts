import { Type } from 'typebox';

/** Above zero, and at most some years: what is longer is a slip, and no clock can count to it. */
const DURATION_PATTERN = '^([1-9]\\d{0,10}ms|[1-9]\\d{0,7}s|[1-9]\\d{0,5}m|[1-9]\\d{0,4}h)$';

/** `500ms`, `30s`, `15m`, `2h`. */
export const Duration = Type.String({
  pattern: DURATION_PATTERN,
  title: 'Duration',
  description: 'a number and a unit, ms, s, m or h, above zero and below ten years',
  examples: ['30s', '15m', '2h', '500ms'],
});

/** A duration that may be none: `0ms`. */
export const Delay = Type.String({
  pattern: '^(\\d{1,11}ms|\\d{1,8}s|\\d{1,6}m|\\d{1,5}h)$',
  title: 'Delay',
  description: 'a number and a unit, ms, s, m or h, below ten years',
  examples: ['1s', '500ms', '0ms'],
});

const LONGEST_MS = 100_000 * 3_600_000;
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a duration, some years at most. Throws RangeError on what is none. */
export function durationMs(duration: string): number {
  const match = /^(\d+)(ms|s|m|h)$/.exec(duration);
  if (!match)
    throw new RangeError(`"${duration}" is no duration: write a number and ms, s, m or h, such as 30s`);
  return Math.min(LONGEST_MS, Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS]);
}
