import { useEffect, useState } from 'react';
import { useNotTakenOver } from '../draft/not-taken-over.js';
import { keepWaiting, waitingText } from '../values/waiting-text.js';
import { controlOf, isNullable, type FieldSchema } from './schema-fields.js';
import { isSameValue, readTyped, typedOf } from './typed-value.js';

export interface Typed {
  readonly typed: string;
  readonly type: (text: string) => void;
  /** Why it cannot be taken, if it cannot. */
  readonly wrong: string | undefined;
}

interface TypedField {
  readonly schema: FieldSchema;
  readonly value: unknown;
  readonly required?: boolean;
  readonly place: string;
}

/**
 * What is typed stays as it is while it cannot be read yet, also over a reload and while another block is open; the
 * document has the last that could.
 */
export function useTyped(
  { schema, value, required = false, place }: TypedField,
  set: (value: unknown) => void,
): Typed {
  const shown = typedOf(controlOf(schema), value);
  const [typed, setTyped] = useState(() => waitingText(place, shown) ?? shown);
  useEffect(() => {
    // Undo, YAML and canvas change it too; what was typed and read says the same already.
    setTyped((known) =>
      isSameValue(readTyped(schema, known), value) ? known : (waitingText(place, shown) ?? shown),
    );
  }, [place, shown]);
  const { wrong } = readTyped(schema, typed);
  // What the document itself has wrong is saved as it is.
  useNotTakenOver(wrong !== undefined && typed !== shown);
  return {
    typed,
    type: (text) => {
      setTyped(text);
      const read = readTyped(schema, text);
      const isRead = 'value' in read;
      keepWaiting(place, isRead ? undefined : { text, over: shown });
      if (!isRead) return;
      set(read.value === undefined && required && isNullable(schema) ? null : read.value);
    },
    wrong,
  };
}
