import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Figures } from './figures.js';

const FOLDER = fileURLToPath(new URL('../../docs/figures/', import.meta.url));
const [WIDTH, HEIGHT] = [640, 300];
const AREA = { left: 64, right: 616, top: 44, bottom: 248 };
const COLOURS = ['#1f6feb', '#d1570a'];

interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Draws what the figures hold into `docs/figures`; a plot whose figures were not measured stays as it is. */
export async function drawPlots(figures: Figures): Promise<string[]> {
  const plots = {
    'fan-out': fanOutPlot(figures),
    steps: stepsPlot(figures),
    throughput: throughputPlot(figures),
  };
  await mkdir(FOLDER, { recursive: true });
  const drawn: string[] = [];
  for (const [name, svg] of Object.entries(plots)) {
    if (svg === undefined) continue;
    await writeFile(`${FOLDER}${name}.svg`, svg);
    drawn.push(`docs/figures/${name}.svg`);
  }
  return drawn;
}

/** Milliseconds an item by the size of the fan-out: flat is linear. */
function fanOutPlot(figures: Figures): string | undefined {
  const seriesOf = (system: string): Series => ({
    name: system,
    points: [1000, 10_000, 100_000].flatMap((count) => {
      const figure = figures[`${system}, ${count} tasks of one run (s)`] as { seconds: number } | undefined;
      return figure ? [[Math.log10(count), (figure.seconds * 1000) / count] as const] : [];
    }),
  });
  const series = ['embedded', 'Kafka'].map(seriesOf).filter(({ points }) => points.length > 1);
  if (series.length === 0) return undefined;
  return lines('One run that fans out and joins: milliseconds an item', series, {
    x: { from: 3, to: 5, ticks: [3, 4, 5], label: (x) => (10 ** x).toLocaleString('en') },
    xName: 'tasks of the run',
  });
}

/** Share of steps that took no longer. */
function stepsPlot(figures: Figures): string | undefined {
  const load = figures['open load'] as { percentiles?: number[]; transitionsPerSecond: number } | undefined;
  const percentiles = load?.percentiles;
  if (!load || !percentiles) return undefined;
  // The slowest one in a hundred would flatten all else.
  const points = percentiles.slice(0, 100).map((ms, i) => [i, ms] as const);
  const title = `A step on Kafka under open load of ${load.transitionsPerSecond} transitions a second: milliseconds`;
  return lines(title, [{ name: 'percentile', points }], {
    x: { from: 0, to: 99, ticks: [0, 25, 50, 75, 90, 99], label: (x) => `p${x}` },
    xName: 'share of steps that took no longer',
  });
}

function throughputPlot(figures: Figures): string | undefined {
  const bars = [
    ['PostgreSQL, 2 connections', 'ceiling, 2 connections (/s)'],
    ['PostgreSQL, 1 connection', 'ceiling, 1 connection (/s)'],
    ['embedded host', 'embedded, transitions (/s)'],
    ['processes on Kafka', 'Kafka, transitions (/s)'],
  ].flatMap(([name, figure]) => {
    const value = figures[figure!];
    return typeof value === 'number' ? [{ name: name!, value }] : [];
  });
  if (bars.length < 2) return undefined;
  const most = Math.max(...bars.map(({ value }) => value));
  const body = bars.map(({ name, value }, i) => {
    const y = AREA.top + 10 + i * 48;
    const width = ((AREA.right - 240) * value) / most;
    return `<text x="180" y="${y + 20}" text-anchor="end">${name}</text>
<rect x="190" y="${y}" width="${width.toFixed(1)}" height="30" fill="${COLOURS[name.startsWith('Post') ? 1 : 0]}"/>
<text x="${(196 + width).toFixed(1)}" y="${y + 20}">${Math.round(value).toLocaleString('en')}</text>`;
  });
  return svg('Transitions a second beside what PostgreSQL does with their rows', body.join('\n'));
}

interface XAxis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly label: (x: number) => string;
}

function lines(title: string, series: readonly Series[], { x, xName }: { x: XAxis; xName: string }): string {
  const top = niceTop(Math.max(...series.flatMap(({ points }) => points.map(([, y]) => y))));
  const toX = (value: number): number =>
    AREA.left + ((value - x.from) / (x.to - x.from)) * (AREA.right - AREA.left);
  const toY = (value: number): number => AREA.bottom - (value / top) * (AREA.bottom - AREA.top);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const y = toY(share * top).toFixed(1);
    return `<line x1="${AREA.left}" x2="${AREA.right}" y1="${y}" y2="${y}" stroke="#d0d7de"/>
<text x="${AREA.left - 8}" y="${Number(y) + 4}" text-anchor="end">${Number((share * top).toPrecision(3))}</text>`;
  });
  const ticks = x.ticks.map(
    (at) =>
      `<text x="${toX(at).toFixed(1)}" y="${AREA.bottom + 20}" text-anchor="middle">${x.label(at)}</text>`,
  );
  const drawn = series.map(({ name, points }, i) => {
    const path = points.map(([px, py]) => `${toX(px).toFixed(1)},${toY(py).toFixed(1)}`).join(' ');
    const dots = points.length > 10 ? [] : points.map(([px, py]) => dot(toX(px), toY(py), COLOURS[i]!));
    return `<polyline points="${path}" fill="none" stroke="${COLOURS[i]}" stroke-width="2"/>${dots.join('')}
<rect x="${AREA.right - 120}" y="${AREA.top + i * 18}" width="12" height="4" fill="${COLOURS[i]}"/>
<text x="${AREA.right - 102}" y="${AREA.top + 6 + i * 18}">${name}</text>`;
  });
  const below = `<text x="${(AREA.left + AREA.right) / 2}" y="${AREA.bottom + 40}" text-anchor="middle">${xName}</text>`;
  return svg(title, [...grid, ...ticks, ...drawn, below].join('\n'));
}

function dot(x: number, y: number, colour: string): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5" fill="${colour}"/>`;
}

/** The next of 1, 2, 4, 5, 8 times a power of ten. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 8, 10].map((step) => step * power).find((top) => top >= value)!;
}

function svg(title: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}"
font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<text x="${AREA.left}" y="24" font-size="14" font-weight="600">${title}</text>
${body}
</svg>
`;
}
