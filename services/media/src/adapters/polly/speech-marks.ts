import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Viseme } from '@duofactory/contracts';
import { VISEMES } from '../../app/viseme-of-phoneme.js';
import type { TimedStretch } from '../../app/word-times.js';

const Mark = Type.Object({
  /** Milliseconds from the first sample. */
  time: Type.Number({ minimum: 0 }),
  type: Type.String(),
  value: Type.String(),
  /** Of a word or a sentence: bytes of the text that was sent. */
  start: Type.Optional(Type.Integer({ minimum: 0 })),
  end: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type SpeechMark = Static<typeof Mark>;

/** Shapes that the vendor has for single languages, by the ones that players know. */
const RARE_SHAPES = new Map([
  ['J', 'i'],
  ['B', 'p'],
  ['D', 'T'],
  ['G', 'k'],
  ['Z', 'S'],
  ['l', 't'],
  ['w', 'u'],
]);
const KNOWN: ReadonlySet<string> = new Set(VISEMES);

/** A mark a line, in order of time. Throws an Error for a line that is none. */
export function readMarks(lines: string): SpeechMark[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const mark: unknown = JSON.parse(line);
      if (!Value.Check(Mark, mark)) throw new Error(`Polly sent a speech mark of an unknown shape: ${line}`);

      return mark;
    })
    .sort((a, b) => a.time - b.time);
}

/** When the last word, or the last shape of a mouth that speaks, begins; undefined where there is neither. */
export function soundsUntil(marks: readonly SpeechMark[]): number | undefined {
  return marks.findLast((mark) => mark.type === 'word' || (mark.type === 'viseme' && !isSilence(mark)))?.time;
}

/** A word sounds until the next word or silence; `indexOf` says where in the text its mark stands. */
export function stretchesOf(
  marks: readonly SpeechMark[],
  durationMs: number,
  indexOf: (mark: SpeechMark) => number,
): TimedStretch[] {
  const stretches: TimedStretch[] = [];
  let open: TimedStretch | undefined;
  for (const mark of marks) {
    const atMs = Math.min(Math.round(mark.time), durationMs);
    if (open && (mark.type === 'word' || isSilence(mark))) open.endMs = Math.min(open.endMs, atMs);
    if (mark.type !== 'word') continue;
    open = { index: indexOf(mark), startMs: atMs, endMs: durationMs };
    stretches.push(open);
  }

  return stretches.filter(({ startMs, endMs }) => endMs > startMs);
}

/** Mouth shapes without gaps from 0 to the end. */
export function visemesOf(marks: readonly SpeechMark[], durationMs: number): Viseme[] {
  const shapes = [{ id: 'sil', startMs: 0 }];
  for (const mark of marks) {
    if (mark.type !== 'viseme') continue;
    const id = KNOWN.has(mark.value) ? mark.value : (RARE_SHAPES.get(mark.value) ?? '@');
    if (id === 'sil' && shapes.at(-1)?.id === 'sil') continue;
    shapes.push({ id, startMs: Math.min(Math.round(mark.time), durationMs) });
  }

  return shapes
    .map(({ id, startMs }, i) => ({ id, startMs, endMs: shapes[i + 1]?.startMs ?? durationMs }))
    .filter(({ startMs, endMs }) => endMs > startMs);
}

const isSilence = ({ type, value }: SpeechMark) => type === 'viseme' && value === 'sil';
