import { Button, Combobox, TextInput, useCombobox } from '@mantine/core';
import '@mantine/core/styles/Popover.css';
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

/** Found by what they are called, named, or said to do: words in any order. Enter takes the first one that is found. */
function CustomTypes({
  manifests,
  onChoose,
}: {
  manifests: readonly BlockManifest[];
  onChoose: (type: string) => void;
}) {
  const [sought, setSought] = useState('');
  const list = useCombobox({ onDropdownClose: () => list.resetSelectedOption() });
  const words = sought.toLowerCase().split(/\s+/);
  const found = manifests.filter(({ type, title, description }) => {
    const said = `${type} ${title} ${description}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
  const choose = (type: string): void => {
    setSought('');
    list.closeDropdown();
    onChoose(type);
  };
  return (
    <Combobox store={list} onOptionSubmit={choose} width={360} position="bottom-start">
      <Combobox.Target withExpandedAttribute autoComplete="off">
        <TextInput
          aria-label="CUSTOM"
          placeholder="CUSTOM"
          value={sought}
          rightSection={<Combobox.Chevron size="xs" />}
          rightSectionPointerEvents="none"
          onChange={({ currentTarget }) => {
            setSought(currentTarget.value);
            list.resetSelectedOption();
            list.openDropdown();
          }}
          onClick={() => list.openDropdown()}
          onFocus={() => list.openDropdown()}
          onBlur={() => {
            setSought('');
            list.closeDropdown();
          }}
          onKeyDown={(event) => {
            const [first] = found;
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            if (sought === '' || !first || list.getSelectedOptionIndex() !== -1) return;
            event.preventDefault();
            choose(first.type);
          }}
          size="xs"
          w={180}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={300} style={{ overflowY: 'auto' }} aria-label="CUSTOM">
          {found.length === 0 && <Combobox.Empty>No announced type is called so.</Combobox.Empty>}
          {found.map(({ type, title, description }, i) => (
            <Combobox.Option
              key={type}
              value={type}
              className={sought !== '' && i === 0 ? 'taken-by-enter' : undefined}
            >
              <div className="custom-type">
                {title} <code className="quiet">{type}</code>
                <div className="quiet">{description}</div>
              </div>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
