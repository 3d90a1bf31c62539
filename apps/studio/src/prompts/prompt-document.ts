import { readYaml } from '../draft/read-yaml.js';
import type { YamlEdit } from '../draft/yaml-edits.js';

export type StepType = 'system' | 'user' | 'assistant';

/** A prompt as it is while it is edited: anything may be missing or wrong. */
export interface EditedStep {
  readonly type: StepType;
  readonly text: string;
  readonly generate: boolean;
}

export interface EditedPrompt {
  readonly name: string;
  readonly steps: readonly EditedStep[];
  readonly model: Readonly<Record<string, unknown>>;
  /** JSON Schema of the answer; undefined: it is text. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  /** The whole document, as it is sent. */
  readonly definition: Record<string, unknown>;
}

export const STEP_TYPES: readonly StepType[] = ['system', 'user', 'assistant'];

export const emptyPrompt = (id: string): object => ({
  ...{ kind: 'prompt', id, model: { name: 'default' } },
  steps: [
    { type: 'system', text: '' },
    { type: 'user', text: '' },
    { type: 'assistant', generate: true },
  ],
  output: 'text',
});

/** undefined: it is no YAML with fields. */
export function readPrompt(text: string): EditedPrompt | undefined {
  const read = readYaml(text);
  if ('unreadable' in read) return undefined;
  const definition = objectOf(read.value);
  const { name, steps, model, output } = definition;
  const { schema } = objectOf(output);
  return {
    name: typeof name === 'string' ? name : '',
    steps: Array.isArray(steps) ? steps.map(stepOf) : [],
    model: objectOf(model),
    schema: schema === undefined ? undefined : objectOf(schema),
    definition,
  };
}

function stepOf(value: unknown): EditedStep {
  const { type, text, generate } = objectOf(value);
  return {
    type: STEP_TYPES.find((one) => one === type) ?? 'user',
    text: typeof text === 'string' ? text : '',
    generate: generate === true,
  };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** What the controls of a step do. */
export const stepEdits = {
  write: (at: number, text: string): YamlEdit[] => [
    { kind: 'set', path: ['steps', at, 'text'], value: text },
  ],
  retype: (at: number, step: EditedStep): YamlEdit[] => {
    const type = STEP_TYPES[(STEP_TYPES.indexOf(step.type) + 1) % STEP_TYPES.length]!;
    const edits: YamlEdit[] = [{ kind: 'set', path: ['steps', at, 'type'], value: type }];
    // Only an assistant's step is written by the model.
    return step.generate ? [...edits, ...stepEdits.generate(at, false)] : edits;
  },
  generate: (at: number, isGenerated: boolean): YamlEdit[] => [
    { kind: 'set', path: ['steps', at, 'generate'], value: isGenerated ? true : undefined },
    { kind: 'set', path: ['steps', at, 'text'], value: isGenerated ? undefined : '' },
  ],
  add: (at: number, type: StepType): YamlEdit[] => [
    { kind: 'insert', path: ['steps'], at, item: { type, text: '' } },
  ],
  remove: (at: number): YamlEdit[] => [{ kind: 'remove', path: ['steps'], at }],
  move: (from: number, to: number): YamlEdit[] => [{ kind: 'move', path: ['steps'], from, to }],
};

/** The variable under another name in every step. */
export function renameVariable(steps: readonly EditedStep[], from: string, to: string): YamlEdit[] {
  const escaped = from.replaceAll(/[.\\-]/g, '\\$&');
  const named = new RegExp(`(\\{\\{\\s*(?:image:)?)${escaped}(?=[.\\s}])`, 'g');
  return steps.flatMap(({ text }, at) => {
    const renamed = text.replaceAll(named, (_all, opening: string) => `${opening}${to}`);
    return renamed === text ? [] : stepEdits.write(at, renamed);
  });
}
