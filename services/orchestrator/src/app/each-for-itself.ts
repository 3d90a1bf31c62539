import { Problem } from '@duofactory/platform';

interface Refusal {
  readonly of: string;
  readonly code: string;
  readonly message: string;
}

/** Does it to each, in order. One that is refused keeps none of the others back; another failure ends it. */
export async function eachForItself(
  all: readonly string[],
  act: (one: string) => Promise<void>,
): Promise<{ done: string[]; refused: Refusal[] }> {
  const done: string[] = [];
  const refused: Refusal[] = [];
  for (const one of all) {
    try {
      await act(one);
      done.push(one);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refused.push({ of: one, code: error.code, message: error.message });
    }
  }
  return { done, refused };
}
