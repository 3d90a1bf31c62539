import { Button, Textarea } from '@mantine/core';
import { InputFields, readInputs, textOf, type Declared } from '../start/input-fields.js';
import { objectIn } from './corrected-result.js';

export type Inputs = Readonly<Record<string, unknown>>;

/** What a person made of the inputs of a run so far: what was typed into fields, or all of them as JSON. */
export interface EditedInputs {
  readonly values: Inputs;
  /** By input, of those that were typed. */
  readonly texts: Readonly<Record<string, string>>;
  readonly json?: string;
}

interface ReadInputs {
  /** undefined: not all of it can be read. */
  readonly values: Inputs | undefined;
  readonly faults: Readonly<Record<string, string>>;
}

/** As the declaration says; an input that nobody typed in stays what it was. */
export function readEdited({ values, texts, json }: EditedInputs, declared: Declared): ReadInputs {
  if (json !== undefined) return { values: objectIn(json), faults: {} };
  const typed = declared.filter(([name]) => texts[name] !== undefined);
  const read = readInputs(typed, texts);
  const others = Object.entries(values).filter(([name]) => !typed.some(([one]) => one === name));
  const isRead = Object.keys(read.faults).length === 0;
  return {
    values: isRead ? { ...Object.fromEntries(others), ...read.values } : undefined,
    faults: read.faults,
  };
}

/** The inputs of a rerun: drawn as those of a start, or all of them as JSON. */
export function RerunInputs(of: {
  declared: Declared;
  edited: EditedInputs;
  onChange: (edited: EditedInputs) => void;
  /** What the server says of one of them. */
  faultAt: (name: string) => string | undefined;
  /** What it says of all of them. */
  fault: string | undefined;
}) {
  const { declared, edited, onChange, faultAt, fault } = of;
  const { values, texts, json } = edited;
  const read = readEdited(edited, declared);
  const fieldFault = (name: string): string | undefined => read.faults[name] ?? faultAt(name);
  const isSaidAtFields = declared.some(([name]) => fieldFault(name) !== undefined);
  return (
    <fieldset className="rerun-inputs">
      <legend>Inputs</legend>
      <p className="quiet">What differs makes the tasks that read it be asked for again</p>
      {json !== undefined ? (
        <Textarea
          label="Inputs as JSON"
          classNames={{ input: 'mono' }}
          autosize
          maxRows={8}
          value={json}
          error={read.values ? fault : 'This is no JSON object'}
          onChange={({ currentTarget }) => onChange({ ...edited, json: currentTarget.value })}
        />
      ) : (
        <>
          {declared.length === 0 && <p className="quiet">This workflow asks for nothing.</p>}
          <InputFields
            declared={declared}
            texts={Object.fromEntries(declared.map(([name]) => [name, texts[name] ?? textOf(values[name])]))}
            faultAt={fieldFault}
            onChange={(name, text) => onChange({ ...edited, texts: { ...texts, [name]: text } })}
          />
          {fault !== undefined && !isSaidAtFields && <p className="tone-bad">{fault}</p>}
        </>
      )}
      <Button
        size="compact-xs"
        variant="default"
        disabled={!read.values}
        onClick={() =>
          read.values &&
          onChange({
            ...{ values: read.values, texts: {} },
            ...(json === undefined ? { json: JSON.stringify(read.values, null, 2) } : {}),
          })
        }
      >
        {json === undefined ? 'Edit all of them as JSON' : 'Edit them as fields'}
      </Button>
    </fieldset>
  );
}
