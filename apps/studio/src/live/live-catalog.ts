import type { InfiniteData } from '@tanstack/react-query';
import type { CatalogUpdate } from '../api/client.js';
import { queryClient } from '../api/query-client.js';
import type { components } from '../api/schema.js';

type EpisodePages = InfiniteData<{ episodes: components['schemas']['EpisodeSummary'][] }>;

/** Reads again what is on the screen of these courses; what nobody looks at is read when somebody does. */
export function catalogChanged({ courses }: CatalogUpdate): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey: [of, part, place] }) =>
      of === 'catalog' &&
      // What a version says never changes.
      part !== 'document' &&
      courses.some(({ environment, course }) => {
        if (typeof place !== 'object' || place === null) return place === environment;
        const { environment: within, course: whose } = place as { environment?: string; course?: string };
        return within === environment && whose === course;
      }),
  });
}

/** How the run ended that made episodes: their pipeline status, as the server tells it. */
export function runOfEpisodesEnded(run: string, status: string): void {
  queryClient.setQueriesData<EpisodePages>(
    { queryKey: ['catalog', 'episodes'] },
    (known) =>
      known && {
        ...known,
        pages: known.pages.map((page) => ({
          ...page,
          episodes: page.episodes.map((episode) =>
            episode.run === run ? { ...episode, pipelineStatus: status } : episode,
          ),
        })),
      },
  );
}
