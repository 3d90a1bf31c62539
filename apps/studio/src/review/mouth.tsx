/** How wide and how open the lips are, 0 to 1, and what is seen between them. */
interface Shape {
  readonly wide: number;
  readonly open: number;
  readonly teeth?: boolean;
  readonly tongue?: boolean;
}

/** By viseme, as Amazon Polly names them. */
const SHAPES: Readonly<Record<string, Shape>> = {
  sil: { wide: 0.7, open: 0 },
  p: { wide: 0.62, open: 0.02 },
  t: { wide: 0.72, open: 0.3, teeth: true, tongue: true },
  S: { wide: 0.45, open: 0.35, teeth: true },
  T: { wide: 0.72, open: 0.28, tongue: true },
  f: { wide: 0.68, open: 0.16, teeth: true },
  k: { wide: 0.7, open: 0.4 },
  i: { wide: 1, open: 0.24, teeth: true },
  r: { wide: 0.52, open: 0.34 },
  s: { wide: 0.86, open: 0.16, teeth: true },
  u: { wide: 0.32, open: 0.3 },
  '@': { wide: 0.68, open: 0.45 },
  a: { wide: 0.8, open: 1 },
  e: { wide: 0.92, open: 0.5 },
  E: { wide: 0.88, open: 0.66 },
  o: { wide: 0.5, open: 0.7 },
  O: { wide: 0.58, open: 0.88 },
};

const LIP = 7;

/** Drawn once; `showViseme` moves it in each frame, past React. */
export function Mouth() {
  return (
    <svg className="mouth" viewBox="-60 -40 120 80" width="96" height="64" aria-hidden="true">
      <ellipse className="lips" />
      <ellipse className="inside-mouth" />
      <ellipse className="tongue" />
      <rect className="teeth" rx="2" />
    </svg>
  );
}

export function showViseme(mouth: Element, viseme: string): void {
  if (mouth.getAttribute('data-viseme') === viseme) return;
  const { wide, open, teeth, tongue } = SHAPES[viseme] ?? SHAPES['sil']!;
  const rx = 14 + wide * 32;
  const ry = open * 30;
  const set = (of: string, values: Record<string, number>): void => {
    for (const [name, value] of Object.entries(values))
      mouth.querySelector(of)!.setAttribute(name, String(value));
  };
  set('.lips', { rx: rx + LIP, ry: ry + LIP });
  set('.inside-mouth', { rx, ry: Math.max(ry, 1) });
  set('.tongue', { rx: rx * 0.6, ry: tongue ? ry * 0.55 : 0, cy: ry * 0.4 });
  set('.teeth', { x: -rx * 0.7, y: -ry * 0.85, width: rx * 1.4, height: teeth ? Math.max(3, ry * 0.45) : 0 });
  mouth.setAttribute('data-viseme', viseme);
}
