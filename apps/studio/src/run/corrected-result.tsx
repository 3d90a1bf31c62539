import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { EditableText } from '../values/editable-text.js';
import { isObject } from '../values/is-object.js';

export type Result = Readonly<Record<string, unknown>>;

/** A result to correct: its texts as fields, or all of it as JSON. Told undefined while that cannot be read. */
export function CorrectedResult(of: {
  result: Result;
  onChange: (result: Result | undefined) => void;
  faultAt: (path: string) => string | undefined;
  faultWithin: string | undefined;
}) {
  const { result, onChange, faultAt, faultWithin } = of;
  const [shown, setShown] = useState(result);
  const [json, setJson] = useState<string>();
  const change = (next: Result | undefined): void => {
    if (next) setShown(next);
    onChange(next);
  };
  const toggle = (): void => {
    setJson(json === undefined ? JSON.stringify(shown, null, 2) : undefined);
    if (json !== undefined) onChange(shown);
  };
  const isReadable = json === undefined || objectIn(json) !== undefined;
  return (
    <div className="corrected" role="group" aria-label="The corrected result">
      {json === undefined ? (
        <EditableText
          value={shown}
          path={RESULT}
          faultAt={faultAt}
          onChange={(value) => change(value as Result)}
        />
      ) : (
        <Textarea
          label="Result as JSON"
          classNames={{ input: 'mono' }}
          autosize
          maxRows={16}
          value={json}
          error={isReadable ? faultWithin : 'This is no JSON object'}
          onChange={({ currentTarget: { value } }) => {
            setJson(value);
            change(objectIn(value));
          }}
        />
      )}
      <Button size="compact-xs" variant="default" onClick={toggle} disabled={!isReadable}>
        {json === undefined ? 'Edit all of it as JSON' : 'Edit its texts'}
      </Button>
    </div>
  );
}

/** Where the server finds it in the request. */
export const RESULT = 'edits.0.result';

export function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
