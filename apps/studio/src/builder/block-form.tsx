import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useEffect, useId, useRef, useState } from 'react';
import { parse, stringify } from 'yaml';
import type { BlockManifest, WorkflowDraft } from '../api/client.js';
import { SettledInput } from '../frame/settled-input.js';
import { titleOf } from '../values/readable-value.js';
import { needsOf, type Edit, type EditedBlock } from './document.js';
import { useReferences } from './references.js';
import { controlOf, fieldsOf, type Control, type FieldSchema } from './schema-fields.js';

/** A longer text scrolls. */
const MOST_ROWS = 10;

interface FormProps {
  readonly blocks: readonly EditedBlock[];
  readonly at: number;
  readonly manifest: BlockManifest | undefined;
  readonly faults: WorkflowDraft['errors'];
  readonly edit: (edit: Edit) => void;
  readonly onRename: (id: string) => void;
  /** Those settings that every block has; seen at one block, they stay in sight at the next. */
  readonly isOrderOpen: boolean;
  readonly onOrderOpen: (isOpen: boolean) => void;
}

const OF_EVERY_BLOCK = ['id', 'needs', 'when', 'per', 'onError', 'timeout', 'retry', 'repeat'];

/** A block's settings: those of its type as the manifest says, then those that every block has. */
export function BlockForm(props: FormProps) {
  const { blocks, at, manifest, faults, edit, onRename, isOrderOpen, onOrderOpen } = props;
  const block = blocks[at]!;
  const set = (path: readonly string[], value: unknown): void =>
    edit({ kind: 'set', path: ['blocks', at, ...path], value });
  const faultAt = (path: string): string | undefined => {
    const field = `blocks.${block.id}.${path}`;
    return faults.find((one) => one.field === field || one.field.startsWith(`${field}.`))?.message;
  };
  const isFaultInside = OF_EVERY_BLOCK.some((field) => faultAt(field) !== undefined);
  useEffect(() => {
    if (isFaultInside) onOrderOpen(true);
  }, [isFaultInside]);
  return (
    <form className="stack" onSubmit={(event) => event.preventDefault()}>
      {manifest && <p className="quiet">{manifest.description}</p>}
      {!manifest && (
        <p className="tone-bad">No service has announced the type "{block.type}": choose another.</p>
      )}
      <FieldInput
        label="Name"
        schema={{ type: 'string' }}
        value={block.name}
        fault={faultAt('name')}
        onChange={(value) => set(['name'], value)}
      />
      {fieldsOf(manifest?.with).map(({ name, schema, required }) => (
        <FieldInput
          key={name}
          label={schema.title ?? titleOf(name)}
          required={required}
          schema={schema}
          value={block.with?.[name]}
          fault={faultAt(`with.${name}`)}
          onChange={(value) => set(['with', name], value)}
        />
      ))}
      {manifest?.samples && (
        <FieldInput
          label="Times"
          schema={{ type: 'integer', description: 'Samples of each payload', default: 1 }}
          value={block.times}
          fault={faultAt('times')}
          onChange={(value) => set(['times'], value)}
        />
      )}
      <details open={isOrderOpen} onToggle={({ currentTarget }) => onOrderOpen(currentTarget.open)}>
        <summary>Order, conditions and errors</summary>
        <div className="stack-inside">
          <SettledInput
            label="Id"
            description="Names it in keys, templates and expressions"
            value={block.id}
            fault={faultAt('id')}
            check={(id) => {
              if (id.trim() === '') return 'Without an id it is no block';
              return blocks.some((one, n) => n !== at && one.id === id)
                ? `Another block is called "${id}"`
                : undefined;
            }}
            onSettle={onRename}
          />
          <FieldInput
            label="Needs"
            schema={{
              type: 'array',
              items: { type: 'string' },
              description: 'Blocks that it waits for, one a line; empty: the block above',
            }}
            value={block.needs ?? needsOf(blocks, at)}
            fault={faultAt('needs')}
            onChange={(value) => set(['needs'], value)}
          />
          <FieldInput
            label="When"
            schema={{
              type: 'string',
              description: 'An expression; where it does not hold, payloads pass by',
            }}
            value={block['when']}
            fault={faultAt('when')}
            onChange={(value) => set(['when'], value)}
          />
          <FieldInput
            label="Per"
            schema={{ type: 'string', description: 'A block above: one group for each of its payloads' }}
            value={block['per']}
            fault={faultAt('per')}
            onChange={(value) => set(['per'], value)}
          />
          <FieldInput
            label="If it fails"
            schema={{ enum: ['fail', 'drop', 'keep'], default: 'fail' }}
            value={block['onError']}
            fault={faultAt('onError')}
            onChange={(value) => set(['onError'], value)}
          />
          <FieldInput
            label="Timeout"
            schema={{ type: 'string', examples: ['30s', '2m'] }}
            value={block['timeout']}
            fault={faultAt('timeout')}
            onChange={(value) => set(['timeout'], value)}
          />
          <FieldInput
            label="Retry"
            schema={{ type: 'object', examples: ['{ attempts: 4, base: 1s, cap: 1m }'] }}
            value={block['retry']}
            fault={faultAt('retry')}
            onChange={(value) => set(['retry'], value)}
          />
          <FieldInput
            label="Repeat"
            schema={{ type: 'object', examples: ['{ from: script, until: "...", rounds: 3 }'] }}
            value={block['repeat']}
            fault={faultAt('repeat')}
            onChange={(value) => set(['repeat'], value)}
          />
        </div>
      </details>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly schema: FieldSchema;
  readonly value: unknown;
  readonly required?: boolean;
  readonly fault: string | undefined;
  readonly onChange: (value: unknown) => void;
}

function FieldInput(props: FieldProps) {
  const { label, schema, value, required = false, fault, onChange } = props;
  const control = controlOf(schema);
  const isTemplate = typeof value === 'string' && value.includes('{{');
  const shared = {
    label,
    description: schema.description,
    error: fault,
    withAsterisk: required,
  };
  if (control.kind === 'switch' && !isTemplate)
    return (
      <Checkbox
        {...shared}
        checked={value === true || (value === undefined && schema.default === true)}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  if (control.kind === 'choice' && !isTemplate)
    return (
      <NativeSelect
        {...shared}
        value={typeof value === 'string' ? value : ''}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.value === '' ? undefined : currentTarget.value)
        }
        data={[
          { value: '', label: typeof schema.default === 'string' ? `${schema.default} (default)` : 'Choose' },
          ...control.options,
        ]}
      />
    );
  return <TypedField {...props} shared={shared} />;
}

/** What is typed stays as it is while it cannot be read yet; the document has the last that could. */
function TypedField({ schema, value, onChange, shared }: FieldProps & { shared: object }) {
  const control = controlOf(schema);
  const options = useReferences('of' in control ? control.of : undefined);
  const list = useId();
  const shown = textOf(control.kind, value);
  const [typed, setTyped] = useState(shown);
  const [wrong, setWrong] = useState<string>();
  useEffect(() => {
    // Undo, YAML and canvas change it too; what was typed and read says the same already.
    setTyped((known) => (sameValue(readText(control.kind, known), value) ? known : shown));
    setWrong(undefined);
  }, [shown]);
  const type = (text: string): void => {
    setTyped(text);
    const read = readText(control.kind, text);
    setWrong('wrong' in read ? read.wrong : undefined);
    if (!('wrong' in read)) onChange(read.value);
  };
  const example = schema.examples?.[0];
  const placeholder = textOf(control.kind, schema.default ?? example);
  const given = { ...shared, ...(wrong ? { error: wrong } : {}), value: typed, placeholder };
  const isArea = useIsArea(control, shown);
  if (isArea)
    return (
      <>
        <Textarea
          {...given}
          autosize
          minRows={control.kind === 'structure' || control.kind === 'list' ? 2 : 1}
          maxRows={MOST_ROWS}
          onChange={({ currentTarget }) => type(currentTarget.value)}
        />
        {control.kind === 'list' && options.length > 0 && (
          <p className="quiet">There are {options.join(', ')}.</p>
        )}
      </>
    );
  return (
    <>
      <TextInput
        {...given}
        {...(options.length > 0 ? { list } : {})}
        onChange={({ currentTarget }) => type(currentTarget.value)}
      />
      {options.length > 0 && (
        <datalist id={list}>
          {options.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** A line or an area, for as long as the field stands: an element that changes while one types loses the focus. */
function useIsArea({ kind }: Control, shown: string): boolean {
  const isArea = useRef(kind === 'text' || kind === 'list' || kind === 'structure');
  // A line would drop the breaks; what is typed into one never has any.
  if (shown.includes('\n')) isArea.current = true;
  return isArea.current;
}

type Read = { readonly value: unknown } | { readonly wrong: string };

function readText(kind: string, text: string): Read {
  if (text.trim() === '') return { value: undefined };
  if (kind === 'number')
    return { value: text.includes('{{') || Number.isNaN(Number(text)) ? text : Number(text) };
  if (kind === 'list' && !text.includes('{{')) {
    const lines = text.split('\n').map((line) => line.trim());
    return { value: lines.filter((line) => line !== '') };
  }
  if (kind !== 'structure' || text.trimStart().startsWith('{{')) return { value: text };
  try {
    return { value: parse(text) as unknown };
  } catch {
    return { wrong: 'This is no YAML yet' };
  }
}

function textOf(kind: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (kind === 'list' && Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.join('\n');
  if (typeof value === 'object') return stringify(value, { lineWidth: 60 }).trimEnd();
  return JSON.stringify(value);
}

function sameValue(read: Read, value: unknown): boolean {
  return !('wrong' in read) && JSON.stringify(read.value) === JSON.stringify(value);
}
