import type { BlockRow } from '../../store/counters.js';

/** By a whole run. */
export interface Spent {
  /** US dollars, of what has a price. */
  readonly cost: number;
  /** Calls without a known price. */
  readonly unpriced: number;
}

export function spentBy(blocks: readonly Pick<BlockRow, 'cost' | 'unpriced'>[]): Spent {
  return {
    cost: blocks.reduce((sum, one) => sum + one.cost, 0),
    unpriced: blocks.reduce((sum, one) => sum + one.unpriced, 0),
  };
}
