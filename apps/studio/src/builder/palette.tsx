import { Button, Select } from '@mantine/core';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/ScrollArea.css';
import { useState } from 'react';
import type { BlockManifest } from '../api/client.js';
import { freeId, type EditedBlock } from './document.js';

/** The talk's buttons; every other announced type is under CUSTOM. */
const BUTTONS = [
  { label: 'IMPORT', type: 'import' },
  { label: 'PROMPT', type: 'prompt' },
  { label: 'EVALUATE', type: 'evaluate' },
  { label: 'EVALUATE (PARALLEL)', type: 'evaluate', with: { combine: 'mean' } },
  { label: 'SORT', type: 'sort' },
  { label: 'SELECT', type: 'select' },
] as const;
const OF_BUTTONS = new Set<string>(BUTTONS.map(({ type }) => type));

export function Palette({
  manifests,
  blocks,
  onAdd,
}: {
  manifests: ReadonlyMap<string, BlockManifest>;
  blocks: readonly EditedBlock[];
  onAdd: (block: EditedBlock) => void;
}) {
  const add = (type: string, settings?: Readonly<Record<string, unknown>>): void =>
    onAdd({ id: freeId(type, blocks), type, ...(settings ? { with: settings } : {}) });
  const custom = [...manifests.values()].filter(({ type }) => !OF_BUTTONS.has(type));
  return (
    <div className="palette" role="group" aria-label="Add a block">
      {BUTTONS.filter(({ type }) => manifests.has(type)).map(({ label, type, ...rest }) => (
        <Button
          key={label}
          variant="default"
          onClick={() => add(type, 'with' in rest ? rest.with : undefined)}
        >
          {label}
        </Button>
      ))}
      <CustomTypes manifests={custom} onChoose={add} />
    </div>
  );
}

/** Found by what they are called, named, or said to do: words in any order. */
function CustomTypes({
  manifests,
  onChoose,
}: {
  manifests: readonly BlockManifest[];
  onChoose: (type: string) => void;
}) {
  const [sought, setSought] = useState('');
  const byType = new Map(manifests.map((manifest) => [manifest.type, manifest]));
  return (
    <Select
      aria-label="CUSTOM"
      placeholder="CUSTOM"
      searchable
      value={null}
      searchValue={sought}
      onSearchChange={setSought}
      onChange={(type) => {
        setSought('');
        if (type !== null) onChoose(type);
      }}
      data={manifests.map(({ type, title }) => ({ value: type, label: title }))}
      filter={({ options, search }) => {
        const words = search.toLowerCase().split(/\s+/);
        return options.filter((option) => {
          const { type, title, description } = byType.get((option as { value: string }).value)!;
          const said = `${type} ${title} ${description}`.toLowerCase();
          return words.every((word) => said.includes(word));
        });
      }}
      renderOption={({ option: { value } }) => {
        const { type, title, description } = byType.get(value)!;
        return (
          <div className="custom-type">
            {title} <code className="quiet">{type}</code>
            <div className="quiet">{description}</div>
          </div>
        );
      }}
      nothingFoundMessage="No announced type is called so."
      selectFirstOptionOnChange
      comboboxProps={{ width: 360, position: 'bottom-start' }}
      size="xs"
      w={180}
    />
  );
}
