import { hashJson } from '@duofactory/contracts';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export type CheckedAnswer = { readonly value: Record<string, unknown> } | { readonly fault: string };

/** By what they say: a schema comes from the database, as another object each time. The last used last. */
const compiled = new Map<string, ValidateFunction>();
const MOST_COMPILED = 200;
/** A format is a wish: it is not checked, and not a word to log. */
const OPTIONS = { allErrors: true, strict: false, logger: false } as const;
const FENCE = '```';

/** Reads a model's answer as the object that the schema describes, or says what is wrong with it. */
export function answerCheck(schema: Record<string, unknown>): (answer: string) => CheckedAnswer {
  const validate = compiledOf(schema);
  return (answer) => {
    let value: unknown;
    try {
      value = JSON.parse(unfenced(answer));
    } catch (error) {
      return { fault: `it is no JSON (${(error as Error).message})` };
    }
    if (validate(value)) return { value: value as Record<string, unknown> };
    const faults = (validate.errors ?? []).slice(0, 5);
    return {
      fault: faults
        .map(({ instancePath, message }) => `${instancePath || 'the answer'} ${message}`)
        .join('; '),
    };
  };
}

function compiledOf(schema: Record<string, unknown>): ValidateFunction {
  const name = hashJson(schema);
  // One Ajv for each: it keeps whatever it compiled, and two schemas may have one `$id`.
  const validate = compiled.get(name) ?? new Ajv2020(OPTIONS).compile(schema);
  compiled.delete(name);
  compiled.set(name, validate);
  for (const oldest of compiled.keys()) {
    if (compiled.size <= MOST_COMPILED) break;
    compiled.delete(oldest);
  }
  return validate;
}

/** Not by a regular expression: a model may write blanks without an end, and one would try each of them with each. */
function unfenced(answer: string): string {
  const text = answer.trim();
  if (text.length < 2 * FENCE.length || !text.startsWith(FENCE) || !text.endsWith(FENCE)) return text;
  const inside = text.slice(FENCE.length, -FENCE.length);
  return inside.slice(0, 4).toLowerCase() === 'json' ? inside.slice(4) : inside;
}
