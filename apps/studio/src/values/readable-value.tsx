import { useState } from 'react';

/** Longer values open cut: half a megabyte of text would hold up the tab. */
const OPEN_CHARACTERS = 64 * 1024;
const OPEN_ITEMS = 100;
const DEEPEST = 8;

/** A result as a person reads it. What models, sheets and files say is text here, never markup. */
export function ReadableValue({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (value === null || value === undefined || value === '') return <span className="quiet">-</span>;
  if (typeof value === 'string') return <LongText text={value} />;
  if (typeof value === 'number' || typeof value === 'boolean') return <span>{wordOf(value)}</span>;
  if (depth >= DEEPEST) return <LongText text={JSON.stringify(value)} />;
  if (Array.isArray(value)) return <ReadableList items={value} depth={depth} />;
  return <ReadableObject value={value as Record<string, unknown>} depth={depth} />;
}

function wordOf(value: number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(4)));
}

function LongText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const isCut = text.length > OPEN_CHARACTERS && !whole;
  return (
    <>
      <p>{isCut ? text.slice(0, OPEN_CHARACTERS) : text}</p>
      {isCut && <More of={`all ${text.length.toLocaleString()} characters`} onClick={() => setWhole(true)} />}
    </>
  );
}

function ReadableList({ items, depth }: { items: readonly unknown[]; depth: number }) {
  const [shown, setShown] = useState(OPEN_ITEMS);
  if (items.length === 0) return <span className="quiet">none</span>;
  const page = items.slice(0, shown);
  const rest = items.length - page.length;
  return (
    <>
      {page.every(isLine) ? <Lines lines={page} /> : <Items items={page} depth={depth} />}
      {rest > 0 && <More of={`${rest} more`} onClick={() => setShown(shown + 1_000)} />}
    </>
  );
}

interface Line {
  readonly speaker: string;
  readonly text: string;
}

function isLine(item: unknown): item is Line {
  const line = item as Partial<Line> | null;
  return typeof line?.speaker === 'string' && typeof line.text === 'string';
}

function Lines({ lines }: { lines: readonly Line[] }) {
  return (
    <dl className="lines">
      {lines.map(({ speaker, text }, at) => (
        <LineRow key={at} speaker={speaker} text={text} />
      ))}
    </dl>
  );
}

function LineRow({ speaker, text }: Line) {
  return (
    <>
      <dt>{speaker}</dt>
      <dd>{text}</dd>
    </>
  );
}

function Items({ items, depth }: { items: readonly unknown[]; depth: number }) {
  const isShort = items.every((item) => typeof item !== 'object' && wordFor(item).length < 24);
  if (isShort) return <span>{items.map((item) => wordFor(item)).join(', ')}</span>;
  return (
    <ol>
      {items.map((item, at) => (
        <li key={at}>
          <ReadableValue value={item} depth={depth + 1} />
        </li>
      ))}
    </ol>
  );
}

function wordFor(item: unknown): string {
  if (typeof item === 'number' || typeof item === 'boolean') return wordOf(item);
  return typeof item === 'string' ? item : '-';
}

function ReadableObject({ value, depth }: { value: Record<string, unknown>; depth: number }) {
  if (typeof value['object'] === 'string' && typeof value['mediaType'] === 'string')
    return <StoredObject mediaType={value['mediaType']} sizeBytes={value['sizeBytes']} />;
  const fields = Object.entries(value);
  if (fields.length === 0) return <span className="quiet">nothing</span>;
  // A lone text needs no name above it.
  if (depth === 0 && fields.length === 1 && typeof fields[0]![1] === 'string')
    return <LongText text={fields[0]![1]} />;
  return (
    <dl>
      {fields.map(([name, member]) => (
        <Field key={name} name={name} value={member} depth={depth} />
      ))}
    </dl>
  );
}

function Field({ name, value, depth }: { name: string; value: unknown; depth: number }) {
  const isScore = typeof value === 'number' && value >= 0 && value <= 1 && SCORES.has(name);
  return (
    <>
      <dt>{titleOf(name)}</dt>
      <dd>{isScore ? <Score value={value} /> : <ReadableValue value={value} depth={depth + 1} />}</dd>
    </>
  );
}

const SCORES = new Set(['score', 'viability', 'confidence']);

/** Five steps of the accent beside the number. */
export function Score({ value }: { value: number }) {
  return (
    <span className="score">
      {value.toFixed(2)}
      <span className="steps" aria-hidden="true">
        {[0.1, 0.3, 0.5, 0.7, 0.9].map((step) => (
          <i key={step} className={value >= step ? 'on' : ''} />
        ))}
      </span>
    </span>
  );
}

function StoredObject({ mediaType, sizeBytes }: { mediaType: string; sizeBytes: unknown }) {
  const size =
    typeof sizeBytes === 'number' ? `, ${Math.max(1, Math.round(sizeBytes / 1024)).toLocaleString()} KB` : '';
  return (
    <span className="quiet">
      {mediaType}
      {size}
    </span>
  );
}

function More({ of, onClick }: { of: string; onClick: () => void }) {
  return (
    <button type="button" className="plain" onClick={onClick}>
      Load {of}
    </button>
  );
}

/** `wrapperName` and `wrapper_name` as people write it. */
export function titleOf(name: string): string {
  const words = name
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
