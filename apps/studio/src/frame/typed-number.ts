/** What a number may be, in the words of JSON Schema. */
export interface NumberLimits {
  readonly isWhole?: boolean;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly exclusiveMaximum?: number | undefined;
}

/** `value` is undefined where nothing was typed; a number that breaks a limit is there, with what is wrong. */
export type TypedNumber =
  | { readonly value: number | undefined; readonly wrong?: string }
  | { readonly value?: never; readonly wrong: string };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads what was typed for a number. What is none is never taken for nothing: `1,5`, `$5` and `abc` are wrong. */
export function readNumber(text: string, limits: NumberLimits = {}): TypedNumber {
  const typed = text.trim();
  if (typed === '') return { value: undefined };
  const value = NUMBER.test(typed) ? Number(typed) : Number.NaN;
  if (!Number.isFinite(value))
    return { wrong: `"${typed}" is no number: write it like ${exampleOf(limits)}` };
  const wrong = brokenLimit(value, limits);
  return wrong === undefined ? { value } : { value, wrong };
}

/** The limits for a person: `0 to 1`, `a whole number from 1`. Empty where there are none. */
export function limitsText({ isWhole, ...limits }: NumberLimits): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = limits;
  const above = exclusiveMinimum === undefined ? [] : [`more than ${exclusiveMinimum}`];
  const below = exclusiveMaximum === undefined ? [] : [`less than ${exclusiveMaximum}`];
  const range =
    minimum !== undefined && maximum !== undefined
      ? [`${minimum} to ${maximum}`]
      : [
          ...(minimum === undefined ? [] : [`from ${minimum}`]),
          ...(maximum === undefined ? [] : [`at most ${maximum}`]),
        ];
  return [[...(isWhole ? ['a whole number'] : []), ...range].join(' '), ...above, ...below]
    .filter((part) => part !== '')
    .join(', ');
}

function brokenLimit(value: number, limits: NumberLimits): string | undefined {
  const { isWhole, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = limits;
  const isWithin =
    !(isWhole && !Number.isInteger(value)) &&
    !(minimum !== undefined && value < minimum) &&
    !(maximum !== undefined && value > maximum) &&
    !(exclusiveMinimum !== undefined && value <= exclusiveMinimum) &&
    !(exclusiveMaximum !== undefined && value >= exclusiveMaximum);
  return isWithin ? undefined : `It must be ${limitsText(limits)}`;
}

const exampleOf = ({ isWhole }: NumberLimits): string => (isWhole ? '12' : '1.5');
