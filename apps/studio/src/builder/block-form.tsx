import { NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { BlockManifest, WorkflowDraft } from '../api/client.js';
import { SettledInput } from '../frame/settled-input.js';
import { isTypedUnder } from '../values/typing.js';
import type { Edit, EditedBlock } from './document.js';
import { placeInside, placeOfBlock } from './kept-fields.js';
import { NeedsField } from './needs-field.js';
import { faultsInside, GroupFields, SchemaField, type FaultInside } from './schema-field.js';
import { controlOf, type FieldSchema } from './schema-fields.js';

interface FormProps {
  readonly workflow: string;
  readonly blocks: readonly EditedBlock[];
  readonly at: number;
  readonly manifest: BlockManifest | undefined;
  readonly isUnannounced: boolean;
  readonly faults: WorkflowDraft['errors'];
  readonly edit: (edit: Edit) => void;
  readonly onRename: (id: string) => void;
  /** Those settings that every block has; seen at one block, they stay in sight at the next. */
  readonly isOrderOpen: boolean;
  readonly onOrderOpen: (isOpen: boolean) => void;
}

/** What every block may say of its order, conditions and errors, besides its id and needs. */
const OF_EVERY_BLOCK: FieldSchema = {
  properties: {
    when: {
      type: 'string',
      format: 'expression',
      description: 'An expression; where it does not hold, payloads pass by',
    },
    per: { type: 'string', description: 'A block above: one group for each of its payloads' },
    onError: { title: 'If it fails', enum: ['fail', 'drop', 'keep'], default: 'fail' },
    minSuccess: {
      type: 'string',
      title: 'Least that must succeed',
      description: 'A number of payloads, or a share',
      examples: ['80%'],
    },
    timeout: { type: 'string', description: 'Of an attempt', examples: ['30s', '2m'] },
    deadline: { type: 'string', description: 'Of the block', examples: ['1h'] },
    concurrency: { type: 'integer', minimum: 1, description: 'Tasks at a time' },
    retry: {
      type: 'object',
      properties: {
        attempts: { type: 'integer', minimum: 1, maximum: 100 },
        base: { type: 'string', description: 'The first pause', examples: ['1s'] },
        cap: { type: 'string', description: 'The longest pause', examples: ['1m'] },
      },
    },
    repeat: {
      type: 'object',
      properties: {
        from: { type: 'string', description: 'The block that a round begins with' },
        until: { type: 'string', format: 'expression', description: 'An expression that ends the rounds' },
        rounds: { type: 'integer', minimum: 1, maximum: 1000 },
        otherwise: { enum: ['drop', 'keep', 'fail'] },
      },
      required: ['from', 'rounds'],
    },
  },
};
const INSIDE = ['id', 'needs', ...Object.keys(OF_EVERY_BLOCK.properties!)];

/** A block's settings: those of its type as the manifest says, then those that every block has. */
export function BlockForm(props: FormProps) {
  const { workflow, blocks, at, manifest, isUnannounced, faults, edit } = props;
  const { onRename, isOrderOpen, onOrderOpen } = props;
  const block = blocks[at]!;
  const place = placeOfBlock(workflow, block.id);
  const set = (path: readonly (string | number)[], value: unknown): void =>
    edit({ kind: 'set', path: ['blocks', at, ...path], value });
  const own = faultsInside(
    faults.map(({ field, message }) => ({ place: field, message })),
    `blocks.${block.id}`,
  );
  const isFaultInside = INSIDE.some((field) => faultsInside(own, field).length > 0);
  const [isTypedInside] = useState(() => INSIDE.some((field) => isTypedUnder(placeInside(place, field))));
  useEffect(() => {
    if (isFaultInside || isTypedInside) onOrderOpen(true);
  }, [isFaultInside, isTypedInside]);
  return (
    <form className="stack" onSubmit={(event) => event.preventDefault()}>
      {manifest && <p className="quiet">{manifest.description}</p>}
      {isUnannounced && (
        <p className="tone-bad">No service has announced the type "{block.type}": choose another.</p>
      )}
      <SchemaField
        label="Name"
        schema={{ type: 'string' }}
        value={block.name}
        faults={faultsInside(own, 'name')}
        place={placeInside(place, 'name')}
        set={(_place, value) => set(['name'], value)}
      />
      {manifest && (
        <Settings
          {...{ manifest, block, set }}
          faults={faultsInside(own, 'with')}
          place={placeInside(place, 'with')}
        />
      )}
      {manifest?.samples && (
        <SchemaField
          label="Times"
          schema={{ type: 'integer', minimum: 1, description: 'Samples of each payload', default: 1 }}
          value={block.times}
          faults={faultsInside(own, 'times')}
          place={placeInside(place, 'times')}
          set={(_place, value) => set(['times'], value)}
        />
      )}
      {manifest?.input === 'both' && (
        <NativeSelect
          label="Takes"
          value={typeof block['input'] === 'string' ? block['input'] : ''}
          error={faultsInside(own, 'input')[0]?.message}
          onChange={({ currentTarget }) => set(['input'], currentTarget.value || undefined)}
          data={[
            { value: '', label: 'Choose' },
            { value: 'each', label: 'Each payload by itself' },
            { value: 'all', label: 'All payloads of a group' },
          ]}
        />
      )}
      <details open={isOrderOpen} onToggle={({ currentTarget }) => onOrderOpen(currentTarget.open)}>
        <summary>Order, conditions and errors</summary>
        <div className="stack-inside">
          <SettledInput
            label="Id"
            description="Names it in keys, templates and expressions"
            value={block.id}
            place={placeInside(place, 'id')}
            fault={faultsInside(own, 'id')[0]?.message}
            check={(id) => {
              if (id.trim() === '') return 'Without an id it is no block';
              return blocks.some((one, n) => n !== at && one.id === id)
                ? `Another block is called "${id}"`
                : undefined;
            }}
            onSettle={onRename}
          />
          <NeedsField
            key={block.id}
            blocks={blocks}
            at={at}
            fault={faultsInside(own, 'needs')[0]?.message}
            onChange={(needs) => set(['needs'], needs)}
          />
          <GroupFields schema={OF_EVERY_BLOCK} value={block} faults={own} place={place} set={set} />
        </div>
      </details>
    </form>
  );
}

/** The settings of its type: the manifest says all that is drawn. */
function Settings({
  manifest,
  block,
  faults,
  place,
  set,
}: {
  manifest: BlockManifest;
  block: EditedBlock;
  faults: readonly FaultInside[];
  place: string;
  set: (path: readonly (string | number)[], value: unknown) => void;
}) {
  const schema = manifest.with as FieldSchema;
  const given = {
    ...{ schema, value: block.with, faults, place },
    set: (path: readonly (string | number)[], value: unknown) => set(['with', ...path], value),
  };
  return controlOf(schema).kind === 'variants' ? (
    <SchemaField label="Settings" {...given} />
  ) : (
    <GroupFields {...given} />
  );
}
