/** The parts of a DuoRadio unit and show that the offline model works with, where the prompt's variables hold them. */
export interface Unit {
  readonly name: string;
  readonly language: string;
  readonly from: string;
  readonly words: readonly { text: string; translation: string }[];
  readonly sentences: readonly Sentence[];
}

export interface Sentence {
  readonly text: string;
  readonly translation: string;
  readonly scene?: number;
  readonly speaker?: string;
}

export interface Wrapper {
  readonly host?: string;
  readonly sections?: Readonly<Record<string, readonly { language: string; variants: string[][] }[]>>;
}

export interface Line {
  readonly speaker: string;
  readonly text: string;
}

type Variables = Readonly<Record<string, unknown>>;

export function unitIn({ unit }: Variables): Unit | undefined {
  const candidate = unit as Partial<Unit> | undefined;
  return Array.isArray(candidate?.sentences) && Array.isArray(candidate.words)
    ? (candidate as Unit)
    : undefined;
}

export function wrapperIn({ wrapper }: Variables): Wrapper {
  return (wrapper as Wrapper | undefined) ?? {};
}

/** The lines of a script, under whichever name the prompt has them. */
export function linesIn(variables: Variables): Line[] | undefined {
  const candidates = [
    variables['lines'],
    variables['text'],
    (variables['script'] as { lines?: unknown } | undefined)?.lines,
  ];
  return candidates.find(
    (one): one is Line[] =>
      Array.isArray(one) &&
      one.length > 0 &&
      one.every(
        (line: Partial<Line> | null) => typeof line?.text === 'string' && typeof line.speaker === 'string',
      ),
  );
}
