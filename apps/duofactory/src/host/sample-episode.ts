import type { PlatformConfig } from '@duofactory/platform';
import { fileURLToPath } from 'node:url';
import type { Api } from '../client/api.js';
import { applyAll } from '../commands/apply.js';
import { allResults } from '../commands/results.js';
import { startRun, waitForRun } from '../commands/run.js';
import { RunNotCompleted } from '../terminal/explain.js';
import { printable } from '../terminal/printable.js';
import { reasonOf } from '../terminal/progress.js';

/** From `apps/duofactory/dist/host/` or `src/host/`. */
const SHIPPED = fileURLToPath(new URL('../../../../workflows/', import.meta.url));
const SAMPLE = {
  workflow: 'duoradio',
  inputs: { course: 'en-es', node: 'es-a1-cafe' },
  // The same for ever: a second start finds the run of the first.
  key: 'sample-episode',
};

interface Shown {
  readonly files: { readonly episode: string; readonly audio: string };
  readonly links: { readonly episode: string; readonly audio: string };
}

interface Document {
  readonly title: string;
  readonly durationMs: number;
  readonly lines: readonly { visemes: unknown[] }[];
}

interface Published {
  readonly episode: string;
  readonly version: number;
  readonly url: string;
}

/** The main job once: shipped content in, one unit's episodes out. What an earlier start did is not done again. */
export async function makeSampleEpisode(
  api: Api,
  { model }: PlatformConfig & { model?: string },
): Promise<void> {
  const { workflows } = await api.get<{ workflows: unknown[] }>('/api/workflows');
  if (workflows.length === 0) {
    const applied = await applyAll(api, [SHIPPED], () => undefined);
    process.stdout.write(`Applied the shipped content: ${applied.length} files\n`);
  }
  const { inputs, workflow } = SAMPLE;
  let run = await startRun(api, SAMPLE);
  if (run.status === 'failed' || run.status === 'cancelled')
    run = await api.post(`/api/runs/${run.id}/retry`);
  process.stdout.write(
    `DuoRadio for ${inputs.node} of ${inputs.course}, by ${model ?? 'the offline model'}: run ${run.id} of ${workflow}@${run.version}\n`,
  );
  run = await waitForRun(api, run, process.stdout);
  if (run.status !== 'completed') throw new RunNotCompleted(run.status, reasonOf(run));

  const { block, payloads } = await allResults(api, run.id);
  for (const { blockResults } of payloads) {
    const { episode, version } = blockResults[block] as Published;
    const { files, links } = await api.get<Shown>(`/api/episodes/${episode}`);
    const { title, durationMs, lines } = await api.get<Document>(links.episode);
    const visemes = lines.reduce((sum, line) => sum + line.visemes.length, 0);
    process.stdout.write(
      [
        `\nPublished "${printable(title)}" (version ${version}, made offline: for demonstration)`,
        `  episode  ${files.episode}`,
        `  audio    ${files.audio} (${(durationMs / 1000).toFixed(1)} s, Ogg; ${api.url}${links.audio})`,
        `  visemes  ${visemes} mouth shapes in the episode's lines, with word times\n`,
      ].join('\n'),
    );
  }
}
