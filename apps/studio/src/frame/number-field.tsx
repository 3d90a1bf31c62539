import { TextInput, type TextInputProps } from '@mantine/core';
import { limitsText, readNumber, type NumberLimits } from './typed-number.js';

interface NumberFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'error'> {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly limits?: NumberLimits;
  /** What the server says of it. */
  readonly fault?: string | undefined;
}

/** A number as it is typed; what cannot be read is said at once. Who sends it asks `readNumber`. */
export function NumberField({ text, onText, limits = {}, fault, description, ...shown }: NumberFieldProps) {
  const told = limitsText(limits);
  return (
    <TextInput
      {...shown}
      {...((description ?? told) ? { description: description ?? told } : {})}
      inputMode={limits.isWhole ? 'numeric' : 'decimal'}
      value={text}
      error={readNumber(text, limits).wrong ?? fault}
      onChange={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}
