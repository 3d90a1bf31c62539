import { useEffect, useState } from 'react';
import { useNotTakenOver } from '../draft/not-taken-over.js';
import { controlOf, isNullable, type FieldSchema } from './schema-fields.js';
import { isSameValue, readTyped, typedOf } from './typed-value.js';

export interface Typed {
  readonly typed: string;
  readonly type: (text: string) => void;
  /** Why it cannot be taken, if it cannot. */
  readonly wrong: string | undefined;
}

/** What is typed stays as it is while it cannot be read yet; the document has the last that could. */
export function useTyped(
  { schema, value, required = false }: { schema: FieldSchema; value: unknown; required?: boolean },
  set: (value: unknown) => void,
): Typed {
  const shown = typedOf(controlOf(schema), value);
  const [typed, setTyped] = useState(shown);
  useEffect(() => {
    // Undo, YAML and canvas change it too; what was typed and read says the same already.
    setTyped((known) => (isSameValue(readTyped(schema, known), value) ? known : shown));
  }, [shown]);
  const { wrong } = readTyped(schema, typed);
  // What the document itself has wrong is saved as it is.
  useNotTakenOver(wrong !== undefined && typed !== shown);
  return {
    typed,
    type: (text) => {
      setTyped(text);
      const read = readTyped(schema, text);
      if (!('value' in read)) return;
      set(read.value === undefined && required && isNullable(schema) ? null : read.value);
    },
    wrong,
  };
}
