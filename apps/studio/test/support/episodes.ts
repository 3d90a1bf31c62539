import { runEnded } from './runs.js';
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
