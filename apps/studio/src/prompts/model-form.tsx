import { NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { FieldFault } from '../api/problem.js';
import type { YamlEdit } from '../draft/yaml-edits.js';
import { NumberField } from '../frame/number-field.js';
import { readNumber, type NumberLimits } from '../frame/typed-number.js';
import type { EditedPrompt } from './prompt-document.js';

interface ModelFormProps {
  readonly model: EditedPrompt['model'];
  readonly faults: readonly FieldFault[];
  readonly readOnly: boolean;
  readonly edit: (edits: readonly YamlEdit[], place?: string) => void;
}

const NUMBERS = [
  { name: 'temperature', label: 'Temperature', limits: { minimum: 0, maximum: 2 } },
  { name: 'topP', label: 'Top P', limits: { minimum: 0, maximum: 1 } },
  { name: 'maxOutputTokens', label: 'Most output tokens', limits: { isWhole: true, minimum: 1 } },
  { name: 'seed', label: 'Seed', limits: { isWhole: true } },
] as const;

/** Which model answers, and how. An empty field is left to the model. */
export function ModelForm({ model, faults, readOnly, edit }: ModelFormProps) {
  const set = (name: string, value: unknown): void =>
    edit([{ kind: 'set', path: ['model', name], value }], `model.${name}`);
  const faultOf = (name: string): string | undefined =>
    faults.find(({ field }) => field === `model.${name}` || field.startsWith(`model.${name}.`))?.message;
  const text = (name: string): string => (typeof model[name] === 'string' ? model[name] : '');
  return (
    <div className="model-form">
      <TextInput
        label="Model"
        description="default: what the server is set to"
        value={text('name')}
        error={faultOf('name')}
        readOnly={readOnly}
        onChange={({ currentTarget }) => set('name', currentTarget.value)}
      />
      {NUMBERS.map(({ name, label, limits }) => (
        <ModelNumber
          key={name}
          label={label}
          limits={limits}
          value={model[name]}
          fault={faultOf(name)}
          readOnly={readOnly}
          set={(value) => set(name, value)}
        />
      ))}
      <NativeSelect
        label="Reasoning effort"
        value={text('reasoningEffort')}
        error={faultOf('reasoningEffort')}
        disabled={readOnly}
        data={[
          { value: '', label: 'as the model does' },
          ...['minimal', 'low', 'medium', 'high'].map((value) => ({ value, label: value })),
        ]}
        onChange={({ currentTarget }) => set('reasoningEffort', currentTarget.value || undefined)}
      />
      <TextInput
        label="Stop at"
        description="texts, with | between"
        value={Array.isArray(model['stop']) ? model['stop'].join('|') : ''}
        error={faultOf('stop')}
        readOnly={readOnly}
        onChange={({ currentTarget }) =>
          set('stop', currentTarget.value === '' ? undefined : currentTarget.value.split('|'))
        }
      />
    </div>
  );
}

/** What is no number yet stays as it is typed, in the field and in the document: it is a fault, and no number of ours. */
function ModelNumber({
  label,
  limits,
  value,
  fault,
  readOnly,
  set,
}: {
  label: string;
  limits: NumberLimits;
  value: unknown;
  fault: string | undefined;
  readOnly: boolean;
  set: (value: unknown) => void;
}) {
  const shown = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const [typed, setTyped] = useState(shown);
  const read = (text: string): unknown => readNumber(text).value ?? (text.trim() === '' ? undefined : text);
  useEffect(() => {
    // Undo and versions change it too; what was typed says the same already.
    setTyped((known) => (read(known) === value ? known : shown));
  }, [shown]);
  return (
    <NumberField
      label={label}
      limits={limits}
      text={typed}
      fault={fault}
      readOnly={readOnly}
      onText={(text) => {
        setTyped(text);
        set(read(text));
      }}
    />
  );
}
