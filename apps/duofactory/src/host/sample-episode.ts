import type { Api } from '../client/api.js';
import { allResults } from '../commands/results.js';
import { startRun, waitForRun } from '../commands/run.js';
import { RunNotCompleted } from '../terminal/command-errors.js';
import { printable } from '../terminal/printable.js';
import { reasonOf } from '../terminal/progress.js';
import { applyShippedContent, SAMPLE } from './sample-content.js';

/** The same for ever: a second start finds the run of the first. */
const SAMPLE_KEY = 'sample-episode';

interface Shown {
  readonly files: { readonly episode: string; readonly audio: string };
  readonly links: { readonly episode: string; readonly audio: string };
}

interface Document {
  readonly title: string;
  readonly durationMs: number;
  readonly lines: readonly { visemes: unknown[] }[];
  readonly provenance: { readonly models: readonly string[]; readonly offline: boolean };
}

interface Published {
  readonly episode: string;
  readonly version: number;
  readonly url: string;
}

/** The main job once: shipped content in, one unit's episodes out. What an earlier start did is not done again. */
export async function makeSampleEpisode(api: Api): Promise<void> {
  const { workflows } = await api.get<{ workflows: unknown[] }>('/api/workflows');
  if (workflows.length === 0) {
    const files = await applyShippedContent(api);
    process.stdout.write(`Applied the shipped content: ${files} files\n`);
  }
  const { inputs, workflow } = SAMPLE;
  let run = await startRun(api, { ...SAMPLE, key: SAMPLE_KEY });
  if (run.status === 'failed' || run.status === 'cancelled')
    run = await api.post(`/api/runs/${run.id}/retry`);
  process.stdout.write(
    `DuoRadio for ${inputs.node} of ${inputs.course}: run ${run.id} of ${workflow}@${run.version}\n`,
  );
  run = await waitForRun(api, run, process.stdout);
  if (run.status !== 'completed') throw new RunNotCompleted(run.status, reasonOf(run));

  const { block, payloads } = await allResults(api, run.id);
  for (const { blockResults } of payloads) {
    const { episode, version } = blockResults[block] as Published;
    const { files, links } = await api.get<Shown>(`/api/episodes/${episode}`);
    const { title, durationMs, lines, provenance } = await api.get<Document>(links.episode);
    const by = provenance.offline ? 'made offline: for demonstration' : `by ${provenance.models.join(', ')}`;
    const visemes = lines.reduce((sum, line) => sum + line.visemes.length, 0);
    process.stdout.write(
      [
        `\nPublished "${printable(title)}" (version ${version}, ${by})`,
        `  episode  ${files.episode}`,
        `  audio    ${files.audio} (${(durationMs / 1000).toFixed(1)} s, Ogg; ${api.url}${links.audio})`,
        `  visemes  ${visemes} mouth shapes in the episode's lines, with word times\n`,
      ].join('\n'),
    );
  }
}
