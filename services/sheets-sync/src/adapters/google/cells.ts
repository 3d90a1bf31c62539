import { isHeld } from '../../app/tables/exact-json.js';
import { SheetFailure } from '../../app/sources/spreadsheets.js';

/** The cell as what its column must be. Throws SheetFailure `invalid-cell` with its place. */
export function typedCell(
  cell: unknown,
  type: 'text' | 'number' | 'boolean' | undefined,
  place: string,
  column: string,
): unknown {
  if (type === undefined || cell === '') return cell;
  if (type === 'text') return String(cell);
  const text = String(cell).trim();
  if (type === 'number' && /\d/.test(text) && !Number.isNaN(Number(text)) && !isHeld(Number(text)))
    throw invalidCell(
      `${place} ("${column}") is ${text.slice(0, 80)}, which no number holds exactly: make the column text`,
      place,
    );
  if (type === 'number' && text !== '' && Number.isFinite(Number(text))) return Number(text);
  if (typeof cell === type) return cell;
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  throw invalidCell(`${place} ("${column}") is "${text.slice(0, 80)}", which is no ${type}`, place);
}

function invalidCell(message: string, place: string): SheetFailure {
  return new SheetFailure('invalid-cell', message, { retryable: false, field: place });
}
