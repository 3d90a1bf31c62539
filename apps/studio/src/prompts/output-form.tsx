import { NativeSelect } from '@mantine/core';
import { Suspense, useEffect, useState } from 'react';
import { lazyPart } from '../api/load-part.js';
import type { FieldFault } from '../api/problem.js';
import { useNotTakenOver } from '../draft/not-taken-over.js';
import type { YamlEdit } from '../draft/yaml-edits.js';
import { useTyping } from '../values/typing.js';
import type { EditedPrompt } from './prompt-document.js';

const JsonEditor = lazyPart(() => import('./json-editor.js'));

const FIRST_SCHEMA = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

/** What an answer is: text, or an object that fits a JSON Schema. */
export function OutputForm({
  id,
  schema,
  faults,
  readOnly,
  edit,
}: {
  id: string;
  schema: EditedPrompt['schema'];
  faults: readonly FieldFault[];
  readOnly: boolean;
  edit: (edits: readonly YamlEdit[], place?: string) => void;
}) {
  const fault = faults.find(({ field }) => field.startsWith('output'))?.message;
  return (
    <div className="stack-inside">
      <NativeSelect
        label="Answer"
        value={schema ? 'json' : 'text'}
        disabled={readOnly}
        data={[
          { value: 'text', label: 'Text: {text}' },
          { value: 'json', label: 'JSON by schema' },
        ]}
        onChange={({ currentTarget }) =>
          edit([
            {
              ...{ kind: 'set', path: ['output'] },
              value: currentTarget.value === 'json' ? { schema: FIRST_SCHEMA } : 'text',
            },
          ])
        }
      />
      {schema && (
        <SchemaText
          key={readOnly ? 'version' : 'draft'}
          place={`schema/${id}/${readOnly ? 'version' : 'draft'}`}
          schema={schema}
          readOnly={readOnly}
          onChange={(value) => edit([{ kind: 'set', path: ['output', 'schema'], value }], 'output.schema')}
        />
      )}
      {fault && (
        <p className="tone-bad" role="status">
          {fault}
        </p>
      )}
    </div>
  );
}

/** Text that is no JSON waits here until it is, also over a reload. */
function SchemaText({
  place,
  schema,
  readOnly,
  onChange,
}: {
  place: string;
  schema: object;
  readOnly: boolean;
  onChange: (schema: unknown) => void;
}) {
  const written = JSON.stringify(schema, null, 2);
  const [waiting, wait, forget] = useTyping<{ text: string; over: string } | null>(place, () => null);
  const isWaiting = waiting?.over === written;
  useNotTakenOver(isWaiting);
  const [text, setText] = useState(isWaiting ? waiting.text : written);
  const [told, setTold] = useState(written);
  const waitNoMore = (): void => {
    wait(null);
    forget();
  };
  useEffect(() => {
    // Changed from elsewhere: by Undo, or another version.
    if (written !== told) {
      setText(written);
      setTold(written);
      waitNoMore();
    }
  }, [written, told]);
  const type = (typed: string): void => {
    setText(typed);
    try {
      const value = JSON.parse(typed) as unknown;
      setTold(JSON.stringify(value, null, 2));
      waitNoMore();
      onChange(value);
    } catch {
      // The editor marks it.
      wait({ text: typed, over: told });
    }
  };
  return (
    <Suspense fallback={<div className="skeleton" />}>
      <JsonEditor label="JSON Schema of the answer" text={text} readOnly={readOnly} onChange={type} />
    </Suspense>
  );
}
