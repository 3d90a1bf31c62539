import { until } from '@duofactory/testing/network';
import { publishedOnceKnown, runEnded } from './runs.js';
import type { Studio } from './studio.js';

export interface EpisodeRow {
  readonly id: string;
  readonly node: string;
  readonly nodeName: string;
  readonly slot: number;
  readonly wrapper: string;
  readonly title: string;
  readonly viability: number;
}

/** An episode a row of its table. All say the same, so that it is spoken once. */
const definition = {
  ...{ kind: 'workflow', id: 'shows', name: 'Shows', inputs: { table: { type: 'string' } } },
  blocks: [
    { id: 'row', type: 'import', needs: [], with: { from: 'table', table: '{{table}}', rowId: 'id' } },
    {
      ...{ id: 'script', type: 'transform' },
      with: { expression: "{ 'lines': [{ 'speaker': 'Ana', 'text': '¿Tiene trabajo?' }] }" },
    },
    {
      ...{ id: 'exercises', type: 'transform' },
      with: {
        expression:
          "{ 'exercises': [{ 'kind': 'listen', 'prompt': 'Which word?', 'options': ['trabajo', 'pan'], 'answer': 'trabajo', 'line': 0 }] }",
      },
    },
    { id: 'audio', type: 'speech', with: { lines: '{{script.lines}}', language: 'es' } },
    {
      ...{ id: 'episode', type: 'publish', onError: 'drop' },
      with: {
        ...{ format: 'duoradio', environment: 'dev', course: 'en-es', node: '{{row.node}}' },
        ...{ slot: '{{row.slot}}', wrapper: '{{row.wrapper}}', title: '{{row.title}}' },
        ...{ viability: '{{row.viability}}', script: '{{script}}', exercises: '{{exercises}}' },
        ...{
          audio: '{{audio}}',
          unit: { name: '{{row.nodeName}}', level: 'A1', language: 'es', from: 'en' },
        },
      },
    },
  ],
};

/** Published in dev by a run of their own. Its id. */
export async function episodesPublished(
  studio: Studio,
  table: string,
  rows: readonly EpisodeRow[],
): Promise<string> {
  await studio.api('PUT', `/api/tables/${table}`, rows);
  return runEnded(studio, definition, { table });
}

/** The same, and a person hears each before. */
const heard = {
  ...{ ...definition, id: 'heard-shows', name: 'Heard shows' },
  blocks: definition.blocks.flatMap((block) =>
    block.id === 'episode'
      ? [{ id: 'hear', type: 'review', with: { title: 'Hear the show', edits: 'audio' } }, block]
      : [block],
  ),
};

/** Published in dev once they were heard and approved. */
export async function episodesHeard(
  studio: Studio,
  table: string,
  rows: readonly EpisodeRow[],
): Promise<void> {
  await studio.api('PUT', `/api/tables/${table}`, rows);
  await publishedOnceKnown(studio, heard);
  const { id } = await studio.api<{ id: string }>('POST', '/api/runs', {
    workflow: heard.id,
    inputs: { table },
  });
  await until(
    async () => {
      const { reviews } = await studio.api<{ reviews: { task: string; run: string }[] }>(
        'GET',
        '/api/reviews',
      );
      for (const { task } of reviews.filter(({ run }) => run === id))
        await studio.api('POST', `/api/reviews/${task}/decision`, { decision: 'approve' });
      return (await studio.api<{ endedAt: string | null }>('GET', `/api/runs/${id}`)).endedAt !== null;
    },
    { everyMs: 250 },
  );
}
