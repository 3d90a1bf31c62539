import { Checkbox, Textarea, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { readNumber } from '../frame/typed-number.js';
import { titleOf } from '../values/readable-value.js';

export interface InputDeclaration {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';
  readonly description?: string;
  readonly default?: unknown;
}

export type Declared = readonly (readonly [name: string, declaration: InputDeclaration])[];

/** Of a definition, what a run is given. */
export const inputsOf = (definition: object): Declared =>
  Object.entries((definition as { inputs?: Readonly<Record<string, InputDeclaration>> }).inputs ?? {});

/** What a run is given, as it is typed. */
export function InputFields({
  declared,
  texts,
  faultAt,
  onChange,
}: {
  declared: Declared;
  texts: Readonly<Record<string, string>>;
  faultAt: (name: string) => string | undefined;
  onChange: (name: string, text: string) => void;
}) {
  return declared.map(([name, { type, description }]) => (
    <InputField
      key={name}
      name={name}
      type={type}
      description={description}
      text={texts[name] ?? ''}
      fault={faultAt(name)}
      onChange={(text) => onChange(name, text)}
    />
  ));
}

function InputField({
  name,
  type,
  description,
  text,
  fault,
  onChange,
}: {
  name: string;
  type: InputDeclaration['type'];
  description: string | undefined;
  text: string;
  fault: string | undefined;
  onChange: (text: string) => void;
}) {
  const shared = { label: titleOf(name), description, error: fault, name };
  if (type === 'boolean')
    return (
      <Checkbox
        {...shared}
        checked={text === 'true'}
        onChange={({ currentTarget }) => onChange(String(currentTarget.checked))}
      />
    );
  if (type === 'object' || type === 'array')
    return (
      <Textarea
        {...shared}
        description={`${description ?? ''} As JSON.`.trim()}
        classNames={{ input: 'mono' }}
        rows={4}
        value={text}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...shared}
      inputMode={type === 'string' ? 'text' : 'decimal'}
      value={text}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

/** A value as it is typed. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What was typed, as the types of the declaration. An empty field is left out: its default holds, or the server says. */
export function readInputs(
  declared: Declared,
  texts: Readonly<Record<string, string>>,
): { values: Record<string, unknown>; faults: Record<string, string> } {
  const values: Record<string, unknown> = {};
  const faults: Record<string, string> = {};
  for (const [name, { type }] of declared) {
    const text = texts[name] ?? '';
    if (text === '') continue;
    if (type === 'string') values[name] = text;
    else if (type === 'number' || type === 'integer') {
      const { value, wrong } = readNumber(text, { isWhole: type === 'integer' });
      if (wrong === undefined) values[name] = value;
      else faults[name] = wrong;
    } else {
      try {
        values[name] = JSON.parse(text) as unknown;
      } catch {
        faults[name] = 'This is no JSON';
      }
    }
  }
  return { values, faults };
}
