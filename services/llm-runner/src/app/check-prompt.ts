import { PromptDefinition, closest, templatePaths } from '@duofactory/contracts';
import { schemaFaults, type FieldError } from '@duofactory/platform';
import { Ajv2020 } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ allErrors: true, strict: false });
const validate = ajv.compile(PromptDefinition);

const OPENED = /\{\{([^{}]*)\}\}/g;
/** Looked for where those that are closed are taken out. */
const UNCLOSED = /\{\{([^{}\n]*)\}?/g;
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
    if (text !== undefined)
      return [
        {
          code: 'invalid-step',
          field: `${field}.text`,
          message: 'A step that the model writes has no text',
        },
      ];
    return i > 0
      ? []
      : [
          {
            code: 'invalid-step',
            field: `${field}.generate`,
            message:
              'There is nothing before it that the model could answer: begin with a system or user step',
          },
        ];
  }
  if (text === undefined || text.trim() === '')
    return [{ code: 'invalid-step', field: `${field}.text`, message: 'The step has no text' }];
  return [
    ...wrongVariables(field, text),
    ...unclosedVariables(field, text),
    ...wrongImages(field, type, text),
  ];
}

function wrongVariables(field: string, text: string): FieldError[] {
  return [...text.matchAll(OPENED)].flatMap((match): FieldError[] => {
    const [whole, path] = match as unknown as [string, string];
    if (PATH.test(path)) return [];
    const message = `${whole} is no variable: write {{name}}, {{block.field}} or {{image:name}}`;
    const meant = asPath(path);
    const label = `Write {{${meant}}}`;
    return [
      {
        ...{ code: 'invalid-variable', field: `${field}.text`, message, ...placeOf(match) },
        ...(meant === undefined ? {} : { fix: { label, text: replaced(text, match, `{{${meant}}}`) } }),
      },
    ];
  });
}

/** It would go out to the model as it stands. */
function unclosedVariables(field: string, text: string): FieldError[] {
  const others = text.replaceAll(OPENED, (closed) => ' '.repeat(closed.length));
  return [...others.matchAll(UNCLOSED)].map((match): FieldError => {
    const message = `${match[0].trim()} is never closed: write {{name}}, or no two braces`;
    return { code: 'invalid-variable', field: `${field}.text`, message, ...placeOf(match) };
  });
}

/** `my name` is meant to be `my_name`. */
function asPath(written: string): string | undefined {
  const path = written.trim().replaceAll(/[^A-Za-z0-9_.:-]+/g, '_');
  return PATH.test(path) && /[A-Za-z]/.test(path) ? path : undefined;
}

function wrongImages(
  field: string,
  type: PromptDefinition['steps'][number]['type'],
  text: string,
): FieldError[] {
  const images = [...text.matchAll(IMAGE)];
  const [first] = images;
  if (!first) return [];
  const others = text.replaceAll(IMAGE, '').trimEnd();
  if (type !== 'user')
    return [
      {
        ...{ code: 'image-not-of-user', field: `${field}.text`, ...placeOf(first) },
        message: `${first[0]} must stand in a user step: models take images from nobody else`,
        fix: { label: `Take ${first[0]} out of this step`, text: others },
      },
    ];
  const rest = text.slice(first.index).replaceAll(IMAGE, '').trim();
  if (rest === '') return [];
  return [
    {
      ...{ code: 'image-not-last', field: `${field}.text`, ...placeOf(first) },
      message: `${first[0]} must stand at the end of the message: "${rest.slice(0, 40)}" comes after it`,
      fix: {
        label: 'Move it to the end',
        text: `${others}\n${images.map(([image]) => image).join(' ')}`,
      },
    },
  ];
}

/** Names that none of the known ones stands for, each place of each: no fault of the prompt, but it would not run there. */
export function unknownVariables(definition: unknown, known: readonly string[]): FieldError[] {
  const { steps } = definition as { steps?: unknown };
  if (!Array.isArray(steps)) return [];
  const isKnown = (path: string): boolean =>
    known.some((name) => name === path || name.startsWith(`${path}.`) || path.startsWith(`${name}.`));
  return steps.flatMap((step: { text?: unknown } | null, i): FieldError[] => {
    const text = step?.text;
    if (typeof text !== 'string') return [];
    return [...text.matchAll(OPENED)].flatMap((match): FieldError[] => {
      const [whole] = match;
      const path = templatePaths(whole)[0]?.replace(/^image:/, '');
      if (path === undefined || isKnown(path)) return [];
      const near = closest(path, known);
      const meant = near === undefined ? undefined : whole.replace(path, near);
      return [
        {
          ...{ code: 'unknown-variable', field: `steps.${i}.text`, ...placeOf(match) },
          message: `${whole} is in none of the inputs that this prompt was given${meant ? `: did you mean ${meant}?` : ''}`,
          ...(meant ? { fix: { label: `Write ${meant}`, text: replaced(text, match, meant) } } : {}),
        },
      ];
    });
  });
}

/** Where in the text, in UTF-16 units: what an editor underlines. */
function placeOf(match: RegExpExecArray): { from: number; to: number } {
  return { from: match.index, to: match.index + match[0].length };
}

function replaced(text: string, match: RegExpExecArray, by: string): string {
  return text.slice(0, match.index) + by + text.slice(match.index + match[0].length);
}

function outputFaults({ output }: PromptDefinition): FieldError[] {
  if (output === 'text') return [];
  const invalid = (message: string, name = ''): FieldError[] => [
    { code: 'invalid-schema', field: `output.schema${name}`, message },
  ];
  const { $schema = DRAFT, $async, type } = output.schema;
  if ($schema !== DRAFT) return invalid(`Schemas here are those of 2020-12: leave it out`, '.$schema');
  // Ajv's own word: its answer would be a promise, and so true of anything.
  if ($async !== undefined) return invalid('JSON Schema knows no such word', '.$async');
  try {
    new Ajv2020({ strict: false, logger: false }).compile(output.schema);
  } catch (error) {
    return invalid(`It is no JSON Schema: ${(error as Error).message}`);
  }
  return type === 'object' ? [] : invalid('It must be object', '.type');
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
