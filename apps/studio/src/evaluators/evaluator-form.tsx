import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { NumberField } from '../frame/number-field.js';
import { readNumber, type NumberLimits } from '../frame/typed-number.js';
import type { EditedDefinition } from './definition-desk.js';

/** Scale, threshold and weights; the rest of it stands in the text below, and says the same. */
export function EvaluatorForm({
  edited: { definition, draft, readOnly, edit },
}: {
  edited: EditedDefinition;
}) {
  const { type } = definition;
  const settings = objectOf(definition['with']);
  const set = (path: readonly (string | number)[], value: unknown): void =>
    edit([{ kind: 'set', path, value }], path.join('.'));
  const faultOf = (field: string): string | undefined =>
    draft.faults.find((one) => one.field === field)?.message;
  const number = (
    label: string,
    path: readonly (string | number)[],
    value: unknown,
    of: NumberSetting = {},
  ) => (
    <Setting
      key={path.join('.')}
      {...{ label, value, readOnly, ...of }}
      fault={faultOf(path.join('.'))}
      onChange={(read) => set(path, read)}
    />
  );
  const scale = Array.isArray(settings['scale']) ? (settings['scale'] as unknown[]) : [];
  return (
    <section className="panel" aria-labelledby="judging">
      <header>
        <h2 id="judging">Threshold, scale and weights</h2>
        <span className="quiet">{TYPES[type as keyof typeof TYPES] ?? 'of no known type'}</span>
      </header>
      <div className="inside evaluator-form">
        {number('Passes at', ['passAt'], definition['passAt'], {
          ...{ limits: { minimum: 0, maximum: 1 }, description: '0 to 1; 0.7 if empty' },
        })}
        {type === 'model' && (
          <>
            <TextInput
              label="Prompt"
              value={typeof settings['prompt'] === 'string' ? settings['prompt'] : ''}
              error={faultOf('with.prompt')}
              readOnly={readOnly}
              onChange={({ currentTarget }) => set(['with', 'prompt'], currentTarget.value)}
            />
            {number('Lowest of the scale', ['with', 'scale', 0], scale[0])}
            {number('Highest of the scale', ['with', 'scale', 1], scale[1])}
            {number('Votes', ['with', 'votes'], settings['votes'], {
              ...{ limits: { isWhole: true }, description: 'times that it is asked' },
            })}
          </>
        )}
        {type === 'composite' && (
          <NativeSelect
            label="Combine"
            value={typeof settings['combine'] === 'string' ? settings['combine'] : ''}
            error={faultOf('with.combine')}
            disabled={readOnly}
            data={['mean', 'min', 'weighted', 'all-must-pass']}
            onChange={({ currentTarget }) => set(['with', 'combine'], currentTarget.value)}
          />
        )}
        {partsOf(type, settings).map(({ list, at, name, weight }) =>
          number(`Weight of ${name}`, ['with', list, at, 'weight'], weight, { description: '1 if empty' }),
        )}
      </div>
    </section>
  );
}

interface NumberSetting {
  readonly description?: string;
  readonly limits?: NumberLimits;
}

/** What is typed stays as it is typed while it says the same; what is no number goes into the draft as the text it is. */
function Setting(
  of: NumberSetting & {
    label: string;
    value: unknown;
    readOnly: boolean;
    fault: string | undefined;
    onChange: (value: number | string | undefined) => void;
  },
) {
  const { value, onChange, ...shown } = of;
  const [typed, setTyped] = useState('');
  const said = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return (
    <NumberField
      {...shown}
      text={readOf(typed) === value ? typed : said}
      onText={(text) => {
        setTyped(text);
        onChange(readOf(text));
      }}
    />
  );
}

function readOf(text: string): number | string | undefined {
  const read = readNumber(text);
  return read.value ?? (read.wrong === undefined ? undefined : text);
}

const TYPES = {
  rule: 'judges by rules',
  model: 'asks a prompt',
  composite: 'combines other evaluators',
};

/** What has a weight: rules, or the evaluators of a composite. */
function partsOf(
  type: unknown,
  settings: Readonly<Record<string, unknown>>,
): { list: string; at: number; name: string; weight: unknown }[] {
  const [list, naming] = type === 'composite' ? ['evaluators', 'evaluator'] : ['rules', 'use'];
  const parts = settings[list];
  if (type === 'model' || !Array.isArray(parts)) return [];
  return parts.map((part, at) => {
    const fields = objectOf(part);
    const name = fields[naming];
    return {
      list: list,
      at,
      name: typeof name === 'string' ? name : `no. ${at + 1}`,
      weight: fields['weight'],
    };
  });
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
