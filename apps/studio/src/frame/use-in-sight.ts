import { useEffect, useRef, type RefObject } from 'react';

/** What is asked for is where the person looks: it comes into sight each time that `when` is another, and something. */
export function useInSight<Part extends HTMLElement>(when: unknown): RefObject<Part | null> {
  const part = useRef<Part>(null);
  useEffect(() => {
    if (when) part.current?.scrollIntoView({ block: 'nearest' });
  }, [when]);
  return part;
}
