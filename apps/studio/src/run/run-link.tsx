import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import type { RunView } from '../routes.js';

export interface RunPlace {
  readonly view?: RunView;
  readonly block?: string;
  readonly key?: string;
}

/** A link within a run, which says itself whether it leads to what is shown: the address may leave that open. */
export function RunLink(of: { id: string; place: RunPlace; current: boolean; children: ReactNode }) {
  const router = useRouter();
  const target = { to: '/runs/$id', params: { id: of.id }, search: of.place } as const;
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void router.navigate(target);
  };
  return (
    <a href={router.buildLocation(target).href} onClick={go} aria-current={of.current ? 'page' : undefined}>
      {of.children}
    </a>
  );
}
