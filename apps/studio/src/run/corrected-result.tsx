import { Button, Textarea } from '@mantine/core';
import { EditableText } from '../values/editable-text.js';
import { isObject } from '../values/is-object.js';

export type Result = Readonly<Record<string, unknown>>;

/** What a person made of it so far: its texts, and all of it as JSON while it is typed so. */
export interface Correction {
  readonly shown: Result;
  readonly json?: string;
}

/** undefined: what is typed cannot be read. */
export const correctedBy = ({ shown, json }: Correction): Result | undefined =>
  json === undefined ? shown : objectIn(json);

/** A result to correct: its texts as fields, or all of it as JSON. */
export function CorrectedResult(of: {
  correction: Correction;
  onChange: (correction: Correction) => void;
  faultAt: (path: string) => string | undefined;
  faultWithin: string | undefined;
}) {
  const { correction, onChange, faultAt, faultWithin } = of;
  const { shown, json } = correction;
  const corrected = correctedBy(correction);
  return (
    <div className="corrected" role="group" aria-label="The corrected result">
      {json === undefined ? (
        <EditableText
          value={shown}
          path={RESULT}
          faultAt={faultAt}
          onChange={(value) => onChange({ shown: value as Result })}
        />
      ) : (
        <Textarea
          label="Result as JSON"
          classNames={{ input: 'mono' }}
          autosize
          maxRows={16}
          value={json}
          error={corrected ? faultWithin : 'This is no JSON object'}
          onChange={({ currentTarget: { value } }) => onChange({ shown, json: value })}
        />
      )}
      <Button
        size="compact-xs"
        variant="default"
        onClick={() =>
          corrected &&
          onChange(
            json === undefined ? { shown, json: JSON.stringify(shown, null, 2) } : { shown: corrected },
          )
        }
        disabled={!corrected}
      >
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
