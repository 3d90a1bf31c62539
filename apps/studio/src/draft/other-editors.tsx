import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, type Editors } from '../api/client.js';
import { editorsQuery } from '../api/queries.js';
import { stream } from '../live/live-runs.js';

type Editor = Editors['editors'][number];

/** Said again while somebody types on; the server forgets them a minute after the last time. */
const SAY_AGAIN_MS = 20_000;

/** Says that this tab types at a place, whenever the text changes, and who else does. It locks nothing. */
function useOtherEditors(place: string, text: string): readonly Editor[] {
  // The stream tells what changes; who is there already, and who left while it was cut off, is asked.
  const editors = useQuery(editorsQuery(place)).data?.editors ?? [];
  const opened = useRef(text);
  const saidAt = useRef(0);
  useEffect(() => {
    const { tab } = stream;
    const stopWatching = stream.watch([place]);
    const leave = (): void => {
      if (saidAt.current === 0) return;
      saidAt.current = 0;
      // The page may go: the browser sends it all the same.
      void fetch(`/api/editors/${tab}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);
    };
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      stopWatching();
      leave();
    };
  }, [place]);
  useEffect(() => {
    if (text === opened.current || Date.now() - saidAt.current < SAY_AGAIN_MS) return;
    opened.current = text;
    saidAt.current = Date.now();
    const params = { path: { tab: stream.tab } };
    // It is a courtesy: where it does not arrive, nothing is lost.
    void api.PUT('/api/editors/{tab}', { params, body: { place } }).catch(() => undefined);
  }, [place, text]);
  return editors.filter(({ tab }) => tab !== stream.tab);
}

/** "Ana is editing", before two texts clash. */
export function OtherEditors({ place, text }: { place: string; text: string }) {
  const names = [...new Set(useOtherEditors(place, text).map(({ by }) => by))];
  return (
    <span className="others" role="status">
      {names.length > 0 && `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} editing`}
    </span>
  );
}
