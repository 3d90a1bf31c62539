import { keepTyping, readTyping } from '../values/typing.js';

/** What was typed for a start and is no run yet. */
export interface KeptStart {
  /** By input. */
  readonly texts: Readonly<Record<string, string>>;
  /** Those that the address gave, as a text: others begin anew. */
  readonly given: string;
  readonly list: string;
  readonly concurrency: string;
  readonly maxCost: string;
}

const placeOf = (workflow: string): string => `start/${workflow}`;

/** Of the workflow, whichever version is chosen: a reload loses none of it. */
export const readStart = (workflow: string): Partial<KeptStart> =>
  (readTyping(placeOf(workflow)) as Partial<KeptStart> | undefined) ?? {};

export const keepStart = (workflow: string, start: KeptStart): void => keepTyping(placeOf(workflow), start);

export const forgetStart = (workflow: string): void => keepTyping(placeOf(workflow), undefined);
