import type { CSSProperties } from 'react';
import { VirtualRows } from '../frame/virtual-rows.js';
import type { TableRow } from './queries.js';

/** What tells the rows of a table of shows apart: it stays in sight while the languages pass. */
const OF_SHOWS = ['wrapper_name', 'section_type', 'variability_type'];
const NUMBER_PX = 44;
const FIXED_PX = [150, 106, 130];
/** A cell with more wants room to be read. */
const LONG_CHARACTERS = 24;
/** Longer cells are cut; the text is whole in the sheet. */
const MOST_CHARACTERS = 2_000;

interface RowsGridProps {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** `row/column` of cells that lack a text. */
  readonly gaps: ReadonlySet<string>;
  readonly hasMore: boolean;
  readonly onEnd: () => void;
}

/** A table as it is: what it says is text, never markup, link or formula. */
export function RowsGrid({ columns, rows, gaps, hasMore, onEnd }: RowsGridProps) {
  const isOfShows = OF_SHOWS.every((name) => columns.includes(name));
  const fixed = isOfShows ? OF_SHOWS : columns.slice(0, 1);
  const shown = [...fixed, ...columns.filter((name) => !fixed.includes(name))];
  const place = (at: number): CSSProperties | undefined =>
    at < fixed.length
      ? {
          left: NUMBER_PX + FIXED_PX.slice(0, at).reduce((sum, px) => sum + px, 0),
          width: FIXED_PX[at]!,
          minWidth: FIXED_PX[at]!,
          maxWidth: FIXED_PX[at]!,
        }
      : undefined;
  const long = new Set(
    shown.filter((name) => rows.some(({ value }) => textOf(value[name]).length > LONG_CHARACTERS)),
  );
  const nameOf = (at: number): string | undefined =>
    at < fixed.length ? 'fixed' : long.has(shown[at]!) ? 'long' : undefined;
  return (
    <div className="grid sheet" tabIndex={0} role="region" aria-label="Table of rows">
      <table className="rows" aria-rowcount={hasMore ? -1 : rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th className="fixed number" style={{ left: 0, width: NUMBER_PX, minWidth: NUMBER_PX }}>
              #
            </th>
            {shown.map((column, at) => (
              <th key={column} className={nameOf(at)} style={place(at)}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <VirtualRows
          items={rows}
          columns={shown.length + 1}
          keyOf={({ ordinal }) => String(ordinal)}
          onEnd={onEnd}
          cells={(row) => (
            <>
              <td className="fixed number quiet" style={{ left: 0 }}>
                {row.ordinal}
              </td>
              {shown.map((column, at) => (
                <td key={column} className={nameOf(at)} style={place(at)}>
                  <Cell row={row} column={column} isGap={gaps.has(`${row.ordinal}/${column}`)} />
                </td>
              ))}
            </>
          )}
        />
      </table>
    </div>
  );
}

function Cell({ row, column, isGap }: { row: TableRow; column: string; isGap: boolean }) {
  if (isGap) return <span className="tone-loss gap">No text</span>;
  const variants = row.variants?.[column];
  if (variants && (variants.length > 1 || variants[0]!.length > 1)) return <Variants variants={variants} />;
  const fault = row.faults?.[column];
  return (
    <>
      <CellText value={row.value[column]} />
      {fault !== undefined && <div className="tone-bad">{fault}</div>}
    </>
  );
}

/** `1a`, `1b`, `2a`: by number the alternatives, by letter their lines. */
function Variants({ variants }: { variants: readonly (readonly string[])[] }) {
  return (
    <ul className="variants">
      {variants.flatMap((lines, nth) =>
        lines.map((line, at) => (
          <li key={`${nth}/${at}`}>
            <span className="chip">
              {nth + 1}
              {lines.length > 1 && String.fromCharCode(97 + at)}
            </span>{' '}
            {line}
          </li>
        )),
      )}
    </ul>
  );
}

function CellText({ value }: { value: unknown }) {
  const text = textOf(value);
  if (text === '') return <span className="quiet">-</span>;
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
