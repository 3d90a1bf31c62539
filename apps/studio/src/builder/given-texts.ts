import { useTyping } from '../values/typing.js';

export interface GivenTexts {
  /** What was typed, the oldest first. */
  readonly texts: readonly string[];
  /** Which of them is shown; undefined: what a past run gave. */
  readonly shown: number | undefined;
  /** Over the shown text; over what a past run gave, it is a new one. */
  readonly type: (text: string) => void;
  readonly show: (at: number | undefined) => void;
}

interface Given {
  readonly texts: readonly string[];
  readonly shown?: number | undefined;
}

const MOST_TEXTS = 5;

/** What a person typed for a block to see. To look at what a past run gave loses none of it. */
export function useGivenTexts(place: string): GivenTexts {
  const [{ texts, shown }, put] = useTyping<Given>(place, () => ({ texts: [] }));
  return {
    texts,
    shown,
    type: (text) =>
      put((known) => {
        if (known.shown !== undefined) return { ...known, texts: known.texts.with(known.shown, text) };
        const kept = [...known.texts.filter((one) => one.trim() !== ''), text].slice(-MOST_TEXTS);
        return { texts: kept, shown: kept.length - 1 };
      }),
    show: (at) => put((known) => ({ ...known, shown: at })),
  };
}
