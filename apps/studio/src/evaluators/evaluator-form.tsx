import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
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
    description?: string,
  ) => (
    <NumberInput
      key={path.join('.')}
      label={label}
      {...(description ? { description } : {})}
      value={typeof value === 'number' ? value : ''}
      error={faultOf(path.join('.'))}
      readOnly={readOnly}
      hideControls
      onChange={(typed) => set(path, typed === '' ? undefined : Number(typed))}
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
        {number('Passes at', ['passAt'], definition['passAt'], '0 to 1; 0.7 if empty')}
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
            {number('Votes', ['with', 'votes'], settings['votes'], 'times that it is asked')}
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
          number(`Weight of ${name}`, ['with', list, at, 'weight'], weight, '1 if empty'),
        )}
      </div>
    </section>
  );
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
