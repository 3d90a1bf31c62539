import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useId, useRef, useState } from 'react';
import { SignButton } from '../frame/sign-button.js';
import { isObject } from '../values/is-object.js';
import { titleOf } from '../values/readable-value.js';
import { waitingText } from '../values/waiting-text.js';
import { placeInside, removedItem } from './kept-fields.js';
import { useReferences } from './references.js';
import {
  beginningOf,
  controlOf,
  fieldsOf,
  isNullable,
  labelOf,
  referenceKind,
  variantName,
  variantOf,
  type Control,
  type FieldSchema,
} from './schema-fields.js';
import { hintOf, typedOf, unsetText } from './typed-value.js';
import { useTyped } from './use-typed.js';

/** A longer text scrolls. */
const MOST_ROWS = 10;
/** A form in a form in a form is told better as YAML. */
const DEEPEST = 4;

type Path = readonly (string | number)[];

/** What is wrong, at a place inside of the field, or at the field itself where the place is empty. */
export interface FaultInside {
  readonly place: string;
  readonly message: string;
}

/** Those of a part, as the part sees them. */
export function faultsInside(faults: readonly FaultInside[], name: string): FaultInside[] {
  return faults
    .filter(({ place }) => place === name || place.startsWith(`${name}.`))
    .map(({ place, message }) => ({ place: place.slice(name.length + 1), message }));
}

export interface SchemaFieldProps {
  readonly label: string;
  readonly schema: FieldSchema;
  readonly value: unknown;
  readonly required?: boolean;
  readonly faults: readonly FaultInside[];
  /** Where what is typed and cannot be read yet is kept. */
  readonly place: string;
  /** Changes what is at a path inside, or the field itself where the path is empty; undefined takes it away. */
  readonly set: (path: Path, value: unknown) => void;
  readonly depth?: number;
}

/** One setting, edited as its schema says. */
export function SchemaField(props: SchemaFieldProps) {
  const { schema, value, depth = 0 } = props;
  const control = controlOf(schema);
  const isNested = control.kind === 'group' || control.kind === 'items' || control.kind === 'variants';
  if (isNested && depth < DEEPEST) return <NestedField {...props} control={control} />;
  if (control.kind === 'switch' && typeof value !== 'string') return <SwitchField {...props} />;
  if (control.kind === 'choice' && !isTemplate(value))
    return <ChoiceField {...props} options={control.options} />;
  return <TypedField {...props} />;
}

const isTemplate = (value: unknown): boolean => typeof value === 'string' && value.includes('{{');

function SwitchField({ label, schema, value, faults, set }: SchemaFieldProps) {
  return (
    <Checkbox
      label={label}
      description={schema.description}
      error={faults[0]?.message}
      checked={value === true || (value === undefined && schema.default === true)}
      onChange={({ currentTarget }) => set([], currentTarget.checked)}
    />
  );
}

function ChoiceField(
  props: SchemaFieldProps & { options: readonly { readonly value: unknown; readonly label: string }[] },
) {
  const { label, schema, value, required = false, faults, set, options } = props;
  const at = options.findIndex((option) => option.value === value);
  const isUnknown = at < 0 && value !== undefined && value !== null;
  const nothing = schema.default === undefined ? 'Choose' : `${labelOf(schema.default)} (default)`;
  return (
    <NativeSelect
      label={label}
      description={schema.description}
      error={faults[0]?.message}
      withAsterisk={required}
      value={isUnknown ? 'unknown' : at < 0 ? '' : String(at)}
      onChange={({ currentTarget: { value: chosen } }) => {
        if (chosen !== 'unknown') set([], chosen === '' ? undefined : options[Number(chosen)]!.value);
      }}
      data={[
        { value: '', label: nothing },
        ...(isUnknown ? [{ value: 'unknown', label: `${labelOf(value)} (unknown)` }] : []),
        ...options.map((option, n) => ({ value: String(n), label: option.label })),
      ]}
    />
  );
}

function TypedField({ label, schema, value, required = false, faults, place, set }: SchemaFieldProps) {
  const control = controlOf(schema);
  const options = useReferences(referenceKind(control));
  const list = useId();
  const { typed, type, wrong } = useTyped({ schema, value, required, place }, (next) => set([], next));
  const isArea = useIsArea(control, typedOf(control, value));
  const given = {
    label,
    description: hintOf(schema),
    withAsterisk: required && !isNullable(schema),
    error: wrong ?? faults[0]?.message,
    value: typed,
    placeholder: unsetText(schema),
    // What is put into it stands in braces, or does not.
    'data-names': isExpression(schema) ? 'plain' : 'braces',
  };
  if (isArea)
    return (
      <>
        <Textarea
          {...given}
          autosize
          minRows={control.kind === 'text' ? 1 : 2}
          maxRows={MOST_ROWS}
          onChange={({ currentTarget }) => type(currentTarget.value)}
        />
        {control.kind === 'list' && <Offered label={label} options={options} typed={typed} type={type} />}
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

/** What a list may name and does not name yet: a press adds it. */
function Offered({
  label,
  options,
  typed,
  type,
}: {
  label: string;
  options: readonly string[];
  typed: string;
  type: (text: string) => void;
}) {
  const said = typed.split('\n').filter((line) => line.trim() !== '');
  const offered = options.filter((option) => !said.some((one) => one.trim().split('@', 1)[0] === option));
  if (offered.length === 0 || isTemplate(typed)) return null;
  return (
    <div className="offered">
      <span className="quiet">Add</span>
      {offered.map((option) => (
        <button
          key={option}
          type="button"
          className="plain"
          aria-label={`Add ${option} to ${label}`}
          onClick={() => type([...said, option].join('\n'))}
        >
          {option}
        </button>
      ))}
    </div>
  );
}

const isExpression = ({ format, anyOf = [], oneOf = [] }: FieldSchema): boolean =>
  [{ format }, ...anyOf, ...oneOf].some((one) => one.format === 'expression');

/** A line or an area, for as long as the field stands: an element that changes while one types loses the focus. */
function useIsArea({ kind }: Control, shown: string): boolean {
  const isArea = useRef(kind !== 'number' && kind !== 'reference' && kind !== 'choice' && kind !== 'switch');
  // A line would drop the breaks; what is typed into one never has any.
  if (shown.includes('\n')) isArea.current = true;
  return isArea.current;
}

/** Fields, items or one of several forms. A template, or what the form does not draw, is typed as YAML. */
function NestedField(props: SchemaFieldProps & { control: Control }) {
  const { label, schema, value, required = false, faults, place, control } = props;
  const [isTyped, setTyped] = useState(
    () =>
      typeof value === 'string' ||
      isUsuallyTemplate(schema, value) ||
      waitingText(place, typedOf(control, value)) !== undefined,
  );
  // What no field inside can show: of the whole, or of a field that the schema does not know.
  const known = new Set(fieldsOf(schema).map(({ name }) => name));
  const own = faults.find(
    ({ place }) => place === '' || (control.kind === 'group' && !known.has(place.split('.')[0]!)),
  );
  return (
    <fieldset className="nested">
      <legend>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </legend>
      <button type="button" className="plain" onClick={() => setTyped(!isTyped)}>
        {isTyped ? `${label} as fields` : `${label} as YAML or a template`}
      </button>
      {isTyped ? (
        <TypedField {...props} />
      ) : (
        <>
          {hintOf(schema) !== undefined && <p className="quiet">{hintOf(schema)}</p>}
          {own !== undefined && <p className="tone-bad">{own.message}</p>}
          {control.kind === 'group' && <GroupFields {...props} />}
          {control.kind === 'items' && <Items {...props} of={control.of} />}
          {control.kind === 'variants' && <Variants {...props} of={control.of} />}
        </>
      )}
    </fieldset>
  );
}

function isUsuallyTemplate({ examples = [] }: FieldSchema, value: unknown): boolean {
  return value === undefined && isTemplate(examples[0]);
}

/** The fields of an object, of a block's settings or inside of them. */
export function GroupFields({
  schema,
  value,
  faults,
  place,
  set,
  depth = 0,
}: Omit<SchemaFieldProps, 'label'>) {
  const said = isObject(value) ? value : undefined;
  return (
    <>
      {fieldsOf(schema)
        // What a form says of itself is chosen, not typed.
        .filter((field) => field.schema.const === undefined)
        .map(({ name, schema: of, required }) => (
          <SchemaField
            key={name}
            label={of.title ?? titleOf(name)}
            schema={of}
            value={said?.[name]}
            required={required}
            faults={faultsInside(faults, name)}
            place={placeInside(place, name)}
            set={(path, next) => {
              if (said || value === undefined) set([name, ...path], next);
              // What stood there was no object: now it is one.
              else if (next !== undefined) set([], nested([name, ...path], next));
            }}
            depth={depth + 1}
          />
        ))}
    </>
  );
}

const nested = (path: Path, value: unknown): unknown =>
  path.reduceRight((inside, key) => (typeof key === 'number' ? [inside] : { [key]: inside }), value);

function Items(props: SchemaFieldProps & { of: FieldSchema }) {
  const { label, value, of, faults, place, set, depth = 0 } = props;
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const begins = controlOf(of).kind === 'group' ? {} : (optionOf(of) ?? '');
  return (
    <>
      {items.map((item, n) => (
        <div key={n} className="item">
          <SchemaField
            label={`${label} ${n + 1}`}
            schema={of}
            value={item}
            faults={faultsInside(faults, String(n))}
            place={placeInside(place, n)}
            set={(path, next) =>
              path.length === 0 && next === undefined
                ? set([], items.with(n, begins))
                : set([n, ...path], next)
            }
            depth={depth + 1}
          />
          <SignButton
            label={`Remove ${label} ${n + 1}`}
            sign="×"
            disabled={false}
            onClick={() => {
              removedItem(place, n, items.length);
              set([], items.length === 1 ? undefined : items.toSpliced(n, 1));
            }}
          />
        </div>
      ))}
      <Button variant="default" size="compact-xs" onClick={() => set([], [...items, begins])}>
        Add to {label}
      </Button>
    </>
  );
}

function optionOf(schema: FieldSchema): unknown {
  const control = controlOf(schema);
  return control.kind === 'choice' ? control.options[0]!.value : undefined;
}

function Variants(props: SchemaFieldProps & { of: readonly FieldSchema[] }) {
  const { label, value, of, set, depth = 0 } = props;
  const [chosen, setChosen] = useState(() => Math.max(0, variantOf(of, value)));
  const found = variantOf(of, value);
  // While nothing is said yet, what was chosen is what will be.
  const at = value === undefined || hasSame(of, chosen, value) ? chosen : Math.max(0, found);
  return (
    <>
      <NativeSelect
        aria-label={`Form of ${label}`}
        value={String(at)}
        onChange={({ currentTarget }) => {
          const next = Number(currentTarget.value);
          setChosen(next);
          set([], beginningOf(of[next]!));
        }}
        data={of.map((variant, n) => ({ value: String(n), label: variantName(variant, n) }))}
      />
      {controlOf(of[at]!).kind === 'group' ? (
        <GroupFields {...props} schema={of[at]!} depth={depth + 1} />
      ) : (
        <SchemaField key={at} {...props} schema={of[at]!} depth={depth + 1} />
      )}
    </>
  );
}

const hasSame = (of: readonly FieldSchema[], at: number, value: unknown): boolean =>
  variantOf([of[at]!], value) === 0;
