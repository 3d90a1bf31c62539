/** A smaller difference is one of rounding. */
const LEAST = 1e-6;

/** A difference with its sign; a small one with more of its digits. */
export function signed(
  value: number,
  digits = Math.abs(value) < 0.005 && Math.abs(value) > LEAST ? 4 : 2,
): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}
