import { Ajv2020 } from 'ajv/dist/2020.js';

export type CheckedAnswer = { readonly value: Record<string, unknown> } | { readonly fault: string };

const ajv = new Ajv2020({ allErrors: true, strict: false, addUsedSchema: false });
const compiled = new WeakMap<object, ReturnType<typeof ajv.compile>>();
const FENCE = '```';

/** Reads a model's answer as the object that the schema describes, or says what is wrong with it. */
export function answerCheck(schema: Record<string, unknown>): (answer: string) => CheckedAnswer {
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
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

/** Not by a regular expression: a model may write blanks without an end, and one would try each of them with each. */
function unfenced(answer: string): string {
  const text = answer.trim();
  if (text.length < 2 * FENCE.length || !text.startsWith(FENCE) || !text.endsWith(FENCE)) return text;
  const inside = text.slice(FENCE.length, -FENCE.length);
  return inside.slice(0, 4).toLowerCase() === 'json' ? inside.slice(4) : inside;
}
