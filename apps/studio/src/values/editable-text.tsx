import { Textarea } from '@mantine/core';
import { ReadableValue, titleOf } from './readable-value.js';

/** The texts within a value as fields; what is no text stays as it is. */
export function EditableText(of: {
  value: unknown;
  path: string;
  /** What a text in a list is called: its speaker, or its place. */
  label?: string;
  faultAt: (path: string) => string | undefined;
  onChange: (value: unknown) => void;
}) {
  const { value, path, label, faultAt, onChange } = of;
  if (typeof value === 'string')
    return (
      <Textarea
        label={label ?? titleOf(path.split('.').at(-1)!)}
        rows={Math.min(6, Math.ceil(value.length / 70) || 1)}
        value={value}
        error={faultAt(path)}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  if (Array.isArray(value))
    return value.map((item: unknown, i) => (
      <EditableText
        key={i}
        value={item}
        path={`${path}.${i}`}
        label={`${titleOf(path.split('.').at(-1)!)} ${i + 1}`}
        faultAt={faultAt}
        onChange={(changed) => onChange(value.with(i, changed))}
      />
    ));
  if (typeof value !== 'object' || value === null) return <ReadableValue value={value} />;
  const members = value as Record<string, unknown>;
  const { speaker, text } = members;
  const isLine = typeof speaker === 'string' && typeof text === 'string';
  return Object.entries(members)
    .filter(([name]) => !isLine || name === 'text')
    .map(([name, member]) => (
      <EditableText
        key={name}
        value={member}
        path={`${path}.${name}`}
        {...(isLine ? { label: `${label ?? ''} ${speaker}`.trim() } : {})}
        faultAt={faultAt}
        onChange={(changed) => onChange({ ...members, [name]: changed })}
      />
    ));
}
