/** Milliseconds to wait before the next try, given how many failed. */
export type BackOff = (failures: number) => number;

/** Doubles from `firstMs` to `mostMs`; the random half keeps consumers that failed together from coming back together. */
export function exponential(firstMs: number, mostMs: number): BackOff {
  return (failures) => {
    const ms = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 20));
    return ms / 2 + (Math.random() * ms) / 2;
  };
}
