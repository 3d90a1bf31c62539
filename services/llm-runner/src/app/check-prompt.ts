import { PromptDefinition } from '@duofactory/contracts';
import { schemaFaults, type FieldError } from '@duofactory/platform';
import { Ajv2020 } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ allErrors: true, strict: false });
const validate = ajv.compile(PromptDefinition);

const OPENED = /\{\{([^{}]*)\}\}/g;
const PATH = /^\s*(image:)?[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*\s*$/;
const IMAGE = /\{\{\s*image:[^{}]*\}\}/g;

/** Everything that can be known to be wrong with a prompt before it runs. */
export function checkPrompt(definition: unknown): FieldError[] {
  if (!validate(definition)) return schemaFaults(validate.errors);
  const prompt = definition as PromptDefinition;
  return [...prompt.steps.flatMap((step, i) => stepFaults(step, i)), ...outputFaults(prompt)];
}

function stepFaults({ type, text, generate }: PromptDefinition['steps'][number], i: number): FieldError[] {
  const field = `steps.${i}`;
  if (generate) {
    if (type !== 'assistant')
      return [
        {
          code: 'invalid-step',
          field: `${field}.generate`,
          message: 'Only an assistant step is written by the model',
        },
      ];
    return text === undefined
      ? []
      : [
          {
            code: 'invalid-step',
            field: `${field}.text`,
            message: 'A step that the model writes has no text',
          },
        ];
  }
  if (text === undefined || text.trim() === '')
    return [{ code: 'invalid-step', field: `${field}.text`, message: 'The step has no text' }];
  const faults: FieldError[] = [];
  for (const [whole, path] of text.matchAll(OPENED)) {
    if (!PATH.test(path!))
      faults.push({
        code: 'invalid-variable',
        field: `${field}.text`,
        message: `${whole} is no variable: write {{name}}, {{block.field}} or {{image:name}}`,
      });
  }
  const images = [...text.matchAll(IMAGE)];
  if (images.length > 0 && type !== 'user')
    faults.push({
      code: 'image-not-of-user',
      field: `${field}.text`,
      message: `${images[0]![0]} must stand in a user step: models take images from nobody else`,
    });
  const rest = images[0] && text.slice(images[0].index).replaceAll(IMAGE, '').trim();
  if (rest)
    faults.push({
      code: 'image-not-last',
      field: `${field}.text`,
      message: `${images[0]![0]} must stand at the end of the message: "${rest.slice(0, 40)}" comes after it`,
    });
  return faults;
}

function outputFaults({ output }: PromptDefinition): FieldError[] {
  if (output === 'text') return [];
  try {
    new Ajv2020({ strict: false }).compile(output.schema);
  } catch (error) {
    const message = `It is no JSON Schema: ${(error as Error).message}`;
    return [{ code: 'invalid-schema', field: 'output.schema', message }];
  }
  return output.schema['type'] === 'object'
    ? []
    : [{ code: 'invalid-schema', field: 'output.schema.type', message: 'It must be object' }];
}
