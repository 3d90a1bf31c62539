/** What it cost as the server says it; calls without a known price are said, never counted as nothing. */
export function costText(cost: number, unpriced: number): string {
  if (unpriced > 0) return cost > 0 ? `$${amount(cost)} + price unknown` : 'price unknown';
  return `$${amount(cost)}`;
}

/** An estimate: what half of the past came to, and what nine of ten did. */
export function costRangeText({ p50, p90 }: { p50: number; p90: number }): string {
  return p50 === p90 ? `~$${amount(p50)}` : `~$${amount(p50)}..${amount(p90)}`;
}

function amount(cost: number): string {
  if (cost === 0 || cost >= 1) return cost.toFixed(2);
  // Below that a number would be written with an exponent.
  return cost >= 1e-6 ? cost.toPrecision(2) : cost.toFixed(9).replace(/0+$/, '');
}
