import { useId } from 'react';
import { controlOf, labelOf, referenceKind } from './schema-fields.js';
import type { SentenceField } from './sentence.js';
import { useTyped } from './use-typed.js';

interface InlineProps {
  readonly field: SentenceField;
  readonly block: string;
  readonly fault: string | undefined;
  /** Where what is typed and cannot be read yet is kept. */
  readonly place: string;
  readonly set: (value: unknown) => void;
  /** Where all there is of its kind is listed. */
  readonly optionsOf: (kind: string) => string;
  /** Opens the panel: for what does not fit into a line. */
  readonly onOpen: () => void;
}

/** A setting in the sentence of a card. Elements of the browser's own: there may be a thousand of them. */
export function InlineField(props: InlineProps) {
  const { field, block, onOpen } = props;
  const { schema, value, label } = field;
  const isText = typeof value === 'string' || typeof value === 'number' || value === undefined;
  const isList =
    Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number');
  if ((!isText && !isList) || (typeof value === 'string' && value.includes('\n')))
    return (
      <button type="button" className="plain" onClick={onOpen}>
        {firstWords(value)}
        <span className="hidden">
          {' '}
          {label} of {block}
        </span>
      </button>
    );
  const control = controlOf(schema);
  const isTemplate = typeof value === 'string' && value.includes('{{');
  return control.kind === 'choice' && !isTemplate ? (
    <InlineChoice {...props} options={control.options} />
  ) : (
    <InlineText {...props} />
  );
}

function InlineChoice({
  field: { label, hint, schema, value },
  block,
  fault,
  set,
  options,
}: InlineProps & { options: readonly { readonly value: unknown; readonly label: string }[] }) {
  const at = options.findIndex((option) => option.value === value);
  const isUnknown = at < 0 && value !== undefined;
  return (
    <select
      className="inline"
      aria-label={`${label} of ${block}`}
      aria-invalid={fault !== undefined}
      title={fault}
      value={isUnknown ? 'unknown' : String(at)}
      onChange={({ currentTarget: { value: chosen } }) => {
        if (chosen !== 'unknown') set(options[Number(chosen)]?.value);
      }}
    >
      <option value="-1">
        {schema.default === undefined ? hint : `${labelOf(schema.default)} (default)`}
      </option>
      {isUnknown && <option value="unknown">{labelOf(value)} (unknown)</option>}
      {options.map((option, n) => (
        <option key={n} value={n}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

function InlineText({
  field: { label, hint, schema, value, required },
  block,
  fault,
  place,
  set,
  optionsOf,
}: InlineProps) {
  const control = controlOf(schema);
  const isList = control.kind === 'list';
  const kind = referenceKind(control);
  const { typed, type, wrong } = useTyped({ schema, value, required, place }, set);
  const told = useId();
  const said = wrong ?? fault;
  return (
    <>
      <input
        className="inline"
        aria-label={`${label} of ${block}`}
        aria-invalid={said !== undefined}
        aria-describedby={said === undefined ? undefined : told}
        {...(kind === undefined || isList ? {} : { list: optionsOf(kind) })}
        inputMode={control.kind === 'number' ? 'decimal' : 'text'}
        placeholder={hint}
        // A list stands in one line here.
        value={isList ? typed.split('\n').join(', ') : typed}
        onChange={({ currentTarget }) => type(isList ? linesOf(currentTarget.value) : currentTarget.value)}
      />
      {said !== undefined && (
        <span id={told} className="tone-bad">
          {said}
        </span>
      )}
    </>
  );
}

/** Behind the last comma the next item is about to be typed. */
const linesOf = (text: string): string => text.replaceAll(/, ?/g, '\n');

const MOST_LETTERS = 60;

function firstWords(value: unknown): string {
  const text = typeof value === 'string' ? value.trim().split('\n', 1)[0]! : 'several';
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : `${text} …`;
}
