/** Times in milliseconds since the epoch. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A gap is worth folding from this share of what is shown on. */
const LEAST_GAP = 0.03;
/** What a folded gap still takes, as a share of the busy time. */
const FOLDED = 0.01;

export interface TimeScale {
  /** 0 to 1 across what is shown. */
  readonly at: (time: number) => number;
  /** Gaps that are folded, each with its place. */
  readonly folds: readonly (Stretch & { readonly at: number })[];
}

/** Places times across a window; idle gaps in it are folded to a mark where that is wanted. */
export function timeScale(window: Stretch, busy: readonly Stretch[], fold: boolean): TimeScale {
  const length = Math.max(1, window.to - window.from);
  const gaps = fold ? gapsIn(window, busy).filter(({ from, to }) => to - from >= length * LEAST_GAP) : [];
  const folded = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  const shown = Math.max(1, length - folded);
  const mark = shown * FOLDED;
  const whole = shown + gaps.length * mark;
  const at = (time: number): number => {
    const inside = Math.min(window.to, Math.max(window.from, time));
    const before = gaps.reduce((sum, { from, to }) => {
      if (inside <= from) return sum;
      const passed = Math.min(inside, to) - from;
      return sum + passed - (mark * passed) / (to - from);
    }, 0);
    return (inside - window.from - before) / whole;
  };
  return { at, folds: gaps.map((gap) => ({ ...gap, at: at(gap.from) })) };
}

function gapsIn(window: Stretch, busy: readonly Stretch[]): Stretch[] {
  const gaps: Stretch[] = [];
  let from = window.from;
  for (const stretch of busy) {
    if (stretch.to < window.from || stretch.from > window.to) continue;
    if (stretch.from > from) gaps.push({ from, to: stretch.from });
    from = Math.max(from, stretch.to);
  }
  if (from < window.to) gaps.push({ from, to: window.to });
  return gaps;
}
