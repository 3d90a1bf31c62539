import { Button, NativeSelect } from '@mantine/core';
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
      <NativeSelect
        aria-label="CUSTOM"
        value=""
        onChange={({ currentTarget }) => {
          if (currentTarget.value !== '') add(currentTarget.value);
        }}
        data={[
          { value: '', label: 'CUSTOM' },
          ...custom.map(({ type, title }) => ({ value: type, label: `${title} (${type})` })),
        ]}
      />
    </div>
  );
}
