import { Ajv2020 } from 'ajv/dist/2020.js';

export type CheckedAnswer = { readonly value: Record<string, unknown> } | { readonly fault: string };

const ajv = new Ajv2020({ allErrors: true, strict: false, addUsedSchema: false });
const compiled = new WeakMap<object, ReturnType<typeof ajv.compile>>();
const FENCED = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/;

/** Reads a model's answer as the object that the schema describes, or says what is wrong with it. */
export function answerCheck(schema: Record<string, unknown>): (answer: string) => CheckedAnswer {
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
  return (answer) => {
    let value: unknown;
    try {
      value = JSON.parse(FENCED.exec(answer)?.[1] ?? answer);
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
