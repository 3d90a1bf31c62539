import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BlockManifest } from '../api/client.js';
import { pathsOf, valueAt } from '../prompts/variables.js';
import { isObject } from '../values/is-object.js';
import { blocksAbove, type EditedBlock } from './document.js';
import { usePastPayloads } from './past-payloads.js';
import { fieldsOf } from './schema-fields.js';

interface SeenName {
  readonly path: string;
  /** From the newest run; undefined: none has it. */
  readonly example: unknown;
}

interface NamesProps {
  readonly workflow: string;
  readonly definition: Record<string, unknown>;
  readonly blocks: readonly EditedBlock[];
  readonly at: number;
  readonly manifests: ReadonlyMap<string, BlockManifest>;
  /** false: no field is there to take it. */
  readonly onInsert: (path: string) => boolean;
}

/** What a block may name: inputs, variables, and fields of the blocks above. One that is chosen is put into the field that had the focus. */
export function BlockNames({ onInsert, ...of }: NamesProps) {
  const [sought, setSought] = useState('');
  const [told, setTold] = useState('');
  const groups = useGroups(of)
    .map(({ title, names }) => ({ title, names: names.filter(({ path }) => path.includes(sought.trim())) }))
    .filter(({ names }) => names.length > 0);
  const insert = (path: string): void =>
    setTold(onInsert(path) ? `${path} is put in` : 'Choose a field above first: the name goes there');
  return (
    <details className="names">
      <summary>Variables</summary>
      <div className="stack-inside">
        <TextInput
          label="Find a variable"
          value={sought}
          onChange={({ currentTarget }) => setSought(currentTarget.value)}
        />
        {groups.length === 0 && (
          <p className="quiet">
            {sought
              ? 'None is called so.'
              : 'This block begins, and the workflow has no inputs: it sees nothing.'}
          </p>
        )}
        {groups.map(({ title, names }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <ul>
              {names.map(({ path, example }) => (
                <li key={path}>
                  <button type="button" className="plain mono" onClick={() => insert(path)}>
                    {path}
                  </button>{' '}
                  <span className="quiet example">{exampleText(example)}</span>
                </li>
              ))}
            </ul>
          </section>
        ))}
        <p className="quiet" role="status">
          {told}
        </p>
      </div>
    </details>
  );
}

function useGroups({
  workflow,
  definition,
  blocks,
  at,
  manifests,
}: Omit<NamesProps, 'onInsert'>): { title: string; names: SeenName[] }[] {
  const { payloads } = usePastPayloads(workflow, blocks, { at });
  const seen = payloads[0]?.seen;
  const { inputs, variables } = definition;
  const named = (scope: unknown): SeenName[] =>
    pathsOf(scope).map((path) => ({ path, example: valueAt(scope, path) }));
  const ofBlock = (id: string): SeenName[] => {
    const result = seen?.[id];
    if (isObject(result)) return named({ [id]: result });
    const type = blocks.find((block) => block.id === id)?.type ?? '';
    const fields = fieldsOf(manifests.get(type)?.result).map(({ name }) => `${id}.${name}`);
    return (fields.length > 0 ? fields : [id]).map((path) => ({ path, example: undefined }));
  };
  return [
    ...blocksAbove(blocks, at).map((id) => ({ title: `From ${id}`, names: ofBlock(id) })),
    {
      title: 'Inputs of the run',
      names: Object.keys(isObject(inputs) ? inputs : {}).map((path) => ({ path, example: seen?.[path] })),
    },
    { title: 'Variables of the workflow', names: isObject(variables) ? named(variables) : [] },
  ];
}

const MOST_LETTERS = 60;

function exampleText(example: unknown): string {
  if (example === undefined) return '';
  if (Array.isArray(example)) return example.length === 1 ? 'a list of one' : `a list of ${example.length}`;
  if (typeof example === 'object') return '';
  const text = typeof example === 'string' ? example : JSON.stringify(example);
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}
