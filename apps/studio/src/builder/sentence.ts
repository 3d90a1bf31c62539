import type { BlockManifest } from '../api/client.js';
import { titleOf } from '../values/readable-value.js';
import type { EditedBlock } from './document.js';
import { controlOf, fieldsOf } from './schema-fields.js';

/** What a card says a block does. The types of the house have their sentence; every other one is told by its manifest. */
export function sentenceOf(block: EditedBlock, manifest: BlockManifest | undefined): string {
  const settings = block.with ?? {};
  const told = SENTENCES[block.type]?.(settings, block);
  if (told !== undefined) return told;
  if (!manifest) return 'No service has announced this type.';
  const named = fieldsOf(manifest.with).flatMap(({ name, schema }) => {
    const value = settings[name];
    const isShort = typeof value === 'string' || typeof value === 'number';
    return isShort && controlOf(schema).kind !== 'structure'
      ? [`${schema.title ?? titleOf(name)} ${value}`]
      : [];
  });
  return named.length > 0 ? named.join(', ') : manifest.description;
}

const SENTENCES: Readonly<
  Record<string, (settings: Readonly<Record<string, unknown>>, block: EditedBlock) => string | undefined>
> = {
  import: ({ from, table, course }) =>
    from === undefined ? undefined : `Import using ${textOf(table ?? course ?? from)}`,
  prompt: ({ prompt }, { times = 1 }) =>
    prompt === undefined ? undefined : `${textOf(prompt)}: run prompt ${times} time(s).`,
  evaluate: ({ evaluators }) =>
    evaluators === undefined ? undefined : `Evaluate using ${textOf(evaluators)}`,
};

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'several';
}
