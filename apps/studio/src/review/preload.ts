import { peaksQuery, reviewQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { hashOf, speechOf } from './speech.js';

const FRESH_MS = 30_000;

/** Has the browser read a review before it is looked at, with what is to be heard: then it is there at once. */
export async function preloadReview(task: string): Promise<void> {
  const review = await queryClient
    .fetchQuery({ ...reviewQuery(task), staleTime: FRESH_MS })
    // It is read again when it is opened, and what is wrong then is told there.
    .catch(() => undefined);
  const speech = Object.values(review?.payload ?? {})
    .map(speechOf)
    .findLast(Boolean);
  if (!speech) return;
  void import('./audio-player.js');
  void queryClient.prefetchQuery(peaksQuery(hashOf(speech.peaks)));
  // Named by its bytes, so that the browser's own cache has it then.
  void fetch(audioUrl(speech.audio))
    .then((sound) => sound.arrayBuffer())
    .catch(() => undefined);
}

export const audioUrl = (audio: { object: string }): string => `/api/speech/audio/${hashOf(audio)}`;
