import {
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
  type DragEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import type { Edit } from './document.js';

interface Moves {
  readonly list: RefObject<HTMLOListElement | null>;
  /** What was moved last, for those who hear it. */
  readonly told: string;
  readonly dragged: number | undefined;
  readonly move: (from: number, to: number) => void;
  /** Of the list: its cards need none of their own. */
  readonly handlers: {
    readonly onDragStart: (event: DragEvent<HTMLElement>) => void;
    readonly onDragOver: (event: DragEvent<HTMLElement>) => void;
    readonly onDrop: (event: DragEvent<HTMLElement>) => void;
    readonly onDragEnd: () => void;
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
}

const CONTROLS = 'button, input, select';

/** Blocks move by their grip, by buttons, and by Alt with an arrow; the focus goes with the block. */
export function useMoves(count: number, blocks: unknown, edit: (edit: Edit) => void): Moves {
  const list = useRef<HTMLOListElement>(null);
  const [told, setTold] = useState('');
  const [dragged, setDragged] = useState<number>();
  const moved = useRef<{ readonly to: number; readonly control: number }>(undefined);
  useLayoutEffect(() => {
    if (!moved.current) return;
    const { to, control } = moved.current;
    moved.current = undefined;
    const controls = controlsOf(list.current!.children[to]);
    const same = controls[control];
    (same?.matches(':disabled') === false ? same : controls[0])?.focus();
  }, [blocks]);
  const move = useCallback(
    (from: number, to: number): void => {
      if (to < 0 || to >= count || to === from) return;
      const control = controlsOf(list.current?.children[from]).indexOf(document.activeElement as HTMLElement);
      moved.current = { to, control };
      edit({ kind: 'move-block', from, to });
      setTold(`Block ${from + 1} is block ${to + 1} now`);
    },
    [edit, count],
  );
  const placeOf = ({ target }: { target: EventTarget }): number => {
    const card = (target as Element).closest('li');
    return card ? [...list.current!.children].indexOf(card) : -1;
  };
  return {
    ...{ list, told, dragged, move },
    handlers: {
      onDragStart: (event) => {
        if (!(event.target as Element).matches?.('.grip')) return;
        event.dataTransfer.effectAllowed = 'move';
        setDragged(placeOf(event));
      },
      onDragOver: (event) => {
        if (dragged !== undefined) event.preventDefault();
      },
      onDrop: (event) => {
        const to = placeOf(event);
        if (dragged === undefined || to < 0) return;
        event.preventDefault();
        move(dragged, to);
        setDragged(undefined);
      },
      onDragEnd: () => setDragged(undefined),
      onKeyDown: (event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        const from = placeOf(event);
        // A choice opens by these keys.
        const isChoice = (event.target as Element).matches('select');
        if (by === undefined || !event.altKey || from < 0 || isChoice) return;
        event.preventDefault();
        move(from, from + by);
      },
    },
  };
}

const controlsOf = (card: Element | undefined): HTMLElement[] =>
  card ? [...card.querySelectorAll<HTMLElement>(CONTROLS)] : [];
