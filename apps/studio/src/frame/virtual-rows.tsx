import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { Fragment, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';

const ROW_PX = 33;
const BEYOND = 8;

interface VirtualRowsProps<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** The cells of a row. */
  readonly cells: (item: T) => ReactNode;
  readonly columns: number;
  /** Begins a group: it stays in sight while its rows pass. */
  readonly isHead?: (item: T) => boolean;
  readonly isSelected?: (item: T) => boolean;
  /** By its key, the row that has the keys: it is brought into sight, and the focus goes to its link. */
  readonly current?: string | undefined;
  /** The list comes near its end: the next page may be asked for. */
  readonly onEnd?: (() => void) | undefined;
}

/** The body of a long table: only rows near the window are in the page, those before and after are room alone. */
export function VirtualRows<T>({
  items,
  keyOf,
  cells,
  columns,
  isHead,
  isSelected,
  current,
  onEnd,
}: VirtualRowsProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const scroller = (): HTMLElement | null => body.current?.closest('.grid, .drawer, .screen') ?? null;
  useLayoutEffect(() => {
    const around = scroller();
    if (!body.current || !around) return;
    const top = body.current.getBoundingClientRect().top - around.getBoundingClientRect().top;
    setScrollMargin(Math.round(top + around.scrollTop));
  }, [items.length === 0]);
  const heads = useMemo(
    () => (isHead ? items.flatMap((item, at) => (isHead(item) ? [at] : [])) : []),
    [items, isHead],
  );
  const inPage = (range: Range): number[] => {
    const shown = defaultRangeExtractor(range);
    const head = heads.findLast((at) => at <= range.startIndex);
    return head === undefined || shown.includes(head) ? shown : [head, ...shown];
  };
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: scroller,
    getItemKey: (at) => keyOf(items[at]!),
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
    rangeExtractor: inPage,
    scrollMargin,
    // What sticks above the rows: the head of the table, and that of a group.
    scrollPaddingStart: isHead ? 2 * ROW_PX : ROW_PX,
  });
  const toFocus = useRef<string>(undefined);
  useLayoutEffect(() => {
    toFocus.current = current;
    const at = current === undefined ? -1 : items.findIndex((item) => keyOf(item) === current);
    if (at !== -1) virtual.scrollToIndex(at, { align: 'auto' });
  }, [current]);
  useLayoutEffect(() => {
    const row = toFocus.current !== undefined && rowOf(body.current, items, keyOf, toFocus.current);
    if (!row) return;
    toFocus.current = undefined;
    if (!row.contains(document.activeElement)) row.querySelector('a')?.focus({ preventScroll: true });
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  const isAtEnd = items.length > 0 && last >= items.length - 1;
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, items.length]);

  const after = virtual.getTotalSize() - ((rows.at(-1)?.end ?? scrollMargin) - scrollMargin);
  return (
    <tbody ref={body}>
      {rows.map(({ index, key, start }, nth) => {
        const item = items[index]!;
        const before = start - (rows[nth - 1]?.end ?? scrollMargin);
        return (
          <Fragment key={key}>
            {before > 0 && <Room px={before} columns={columns} />}
            <tr
              ref={virtual.measureElement}
              data-index={index}
              // The head of the table is row 1.
              aria-rowindex={index + 2}
              className={isHead?.(item) ? 'group' : undefined}
              aria-selected={isSelected?.(item) || undefined}
            >
              {cells(item)}
            </tr>
          </Fragment>
        );
      })}
      {after > 0 && <Room px={after} columns={columns} />}
    </tbody>
  );
}

/** Of an item, where it is in the page already. */
function rowOf<T>(
  body: HTMLElement | null,
  items: readonly T[],
  keyOf: (item: T) => string,
  key: string,
): HTMLElement | null | undefined {
  return body?.querySelector<HTMLElement>(
    `tr[data-index="${items.findIndex((item) => keyOf(item) === key)}"]`,
  );
}

function Room({ px, columns }: { px: number; columns: number }) {
  return (
    <tr className="room" aria-hidden="true">
      <td colSpan={columns} style={{ height: px }} />
    </tr>
  );
}
