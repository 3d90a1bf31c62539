import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import type { FieldFault } from '../api/problem.js';
import type { YamlEdit } from '../draft/yaml-edits.js';
import type { EditedPrompt } from './prompt-document.js';

interface ModelFormProps {
  readonly model: EditedPrompt['model'];
  readonly faults: readonly FieldFault[];
  readonly readOnly: boolean;
  readonly edit: (edits: readonly YamlEdit[], place?: string) => void;
}

const NUMBERS = [
  { name: 'temperature', label: 'Temperature', hint: '0 to 2', step: 0.1, isWhole: false },
  { name: 'topP', label: 'Top P', hint: '0 to 1', step: 0.05, isWhole: false },
  { name: 'maxOutputTokens', label: 'Most output tokens', hint: '', step: 50, isWhole: true },
  { name: 'seed', label: 'Seed', hint: '', step: 1, isWhole: true },
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
      {NUMBERS.map(({ name, label, hint, step, isWhole }) => (
        <NumberInput
          key={name}
          label={label}
          {...(hint ? { description: hint } : {})}
          value={typeof model[name] === 'number' ? model[name] : ''}
          error={faultOf(name)}
          readOnly={readOnly}
          step={step}
          allowDecimal={!isWhole}
          hideControls
          onChange={(value) => set(name, value === '' ? undefined : Number(value))}
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
