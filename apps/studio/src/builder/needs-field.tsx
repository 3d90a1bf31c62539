import { NativeSelect, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { saidNeeds, type EditedBlock, type Need } from './document.js';

const OPTIONAL = ' (optional)';

/** What a block waits for. Not said, it is the block above; said and empty, the block begins. */
export function NeedsField({
  blocks,
  at,
  fault,
  onChange,
}: {
  blocks: readonly EditedBlock[];
  at: number;
  fault: string | undefined;
  onChange: (needs: readonly Need[] | undefined) => void;
}) {
  const { needs } = blocks[at]!;
  const shown = Array.isArray(needs) ? textOf(needs as readonly Need[]) : '';
  const [typed, setTyped] = useState(shown);
  const [isTyped, setIsTyped] = useState(false);
  useEffect(() => setTyped((known) => (textOf(readNeeds(known)) === shown ? known : shown)), [shown]);
  const kind = needs === undefined ? 'above' : shown === '' && !isTyped ? 'nothing' : 'these';
  return (
    <>
      <NativeSelect
        label="Waits for"
        value={kind}
        error={kind === 'these' ? undefined : fault}
        onChange={({ currentTarget: { value } }) => {
          setIsTyped(value === 'these');
          if (value === 'above') onChange(undefined);
          else onChange(value === 'nothing' ? [] : saidNeeds(blocks, at));
        }}
        data={[
          {
            value: 'above',
            label: blocks[at - 1] ? `The block above: ${blocks[at - 1]!.id}` : 'The block above',
          },
          { value: 'nothing', label: 'Nothing: it begins' },
          { value: 'these', label: 'These blocks' },
        ]}
      />
      {kind === 'these' && (
        <Textarea
          label="Needs"
          description={`Blocks, one a line; behind one that may be left out: "${OPTIONAL.trim()}"`}
          autosize
          minRows={2}
          value={typed}
          error={fault}
          onChange={({ currentTarget: { value } }) => {
            setTyped(value);
            setIsTyped(true);
            onChange(readNeeds(value));
          }}
        />
      )}
    </>
  );
}

const textOf = (needs: readonly Need[]): string =>
  needs
    .map((need) =>
      typeof need === 'string' ? need : `${need.block}${need.optional === true ? OPTIONAL : ''}`,
    )
    .join('\n');

function readNeeds(text: string): Need[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) =>
      line.endsWith(OPTIONAL) ? { block: line.slice(0, -OPTIONAL.length).trim(), optional: true } : line,
    );
}
