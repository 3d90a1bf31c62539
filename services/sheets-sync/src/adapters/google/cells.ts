import { SheetFailure } from '../../app/spreadsheets.js';

/** The cell as what its column must be. Throws SheetFailure `invalid-cell` with its place. */
export function typedCell(
  cell: unknown,
  type: 'text' | 'number' | 'boolean' | undefined,
  place: string,
  column: string,
): unknown {
  if (type === undefined || cell === '') return cell;
  if (type === 'text') return String(cell);
  if (typeof cell === type) return cell;
  const text = String(cell).trim();
  if (type === 'number' && text !== '' && Number.isFinite(Number(text))) return Number(text);
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  throw new SheetFailure(
    'invalid-cell',
    `${place} ("${column}") is "${text.slice(0, 80)}", which is no ${type}`,
    {
      retryable: false,
      field: place,
    },
  );
}
