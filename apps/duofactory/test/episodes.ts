import { Episode } from '@duofactory/contracts';
import { resolve } from 'node:path';
import { Compile } from 'typebox/compile';
import type { Api } from '../src/client/api.js';
import { applyAll } from '../src/commands/apply.js';
import { allResults } from '../src/commands/results.js';

export const SHIPPED = resolve(import.meta.dirname, '../../../workflows');
const episodes = Compile(Episode);

export async function applyShipped(api: Api): Promise<void> {
  await applyAll(api, [SHIPPED], () => undefined);
}

/** The episodes that a run published, as players read them, by slot. Throws where one does not fit its schema. */
export async function episodesOf(api: Api, run: string): Promise<Episode[]> {
  const { payloads } = await allResults(api, run, 'episode');
  const read = await Promise.all(
    payloads.map(async ({ blockResults }) => {
      const { episode } = blockResults['episode'] as { episode: string };
      const document = await api.get<unknown>(`/api/episodes/${episode}/episode.json`);
      if (!episodes.Check(document)) throw new Error(JSON.stringify(episodes.Errors(document).slice(0, 3)));
      return document;
    }),
  );
  return read.sort((a, b) => a.slot - b.slot);
}

/** What must be the same wherever it was made: all but the run's id and its calls. */
export function withoutRun({
  provenance: { run: _, calls: __, ...provenance },
  ...episode
}: Episode): object {
  return { ...episode, provenance };
}
