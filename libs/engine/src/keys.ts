import { uuidFrom } from '@duofactory/contracts';
import { createHash } from 'node:crypto';

const LONGEST_LABEL = 80;
const KEPT_OF_LONG = 60;

/** An output's id as a label: unreserved characters stay, every other byte of its UTF-8 is `%XX`; long ones are cut to 60 and a hash. */
export function label(id: string): string {
  // `0` says "passed by or failed here", so an id `0` is written otherwise.
  if (id === '0') return '%30';
  return shortened(encodeText(id), id);
}

/** Text as it stands in keys. */
export function encodeText(text: string): string {
  return [...Buffer.from(text, 'utf8')].map(encodeByte).join('');
}

function shortened(label: string, id: string): string {
  if (label.length <= LONGEST_LABEL) return label;
  return `${label.slice(0, KEPT_OF_LONG)}~${createHash('sha256').update(id, 'utf8').digest('hex').slice(0, 16)}`;
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9._~-]/.test(character)
    ? character
    : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** A key with one more segment at its end. */
export function appendSegment(key: string, block: string, labelOf: string): string {
  return key === '' ? `${block}=${labelOf}` : `${key}/${block}=${labelOf}`;
}

/** Only the segments of these blocks, in order. */
export function cutKey(key: string, signature: readonly string[]): string {
  if (key === '' || signature.length === 0) return '';
  return key
    .split('/')
    .filter((segment) => signature.includes(blockOf(segment)))
    .join('/');
}

/**
 * Joins keys that have these segments with others, whose own come in between: `both`, in plan order. A join may make a
 * million keys, so what is the same for all of them is worked out once.
 */
export function keyJoiner(
  segments: readonly string[],
  both: readonly string[],
): {
  /** What a key has that the keys it is joined to have not. */
  readonly addedOf: (key: string) => readonly string[];
  readonly join: (key: string, added: readonly string[]) => string;
} {
  const others = both.filter((id) => !segments.includes(id));
  const places = both.map((id) => ({ own: segments.indexOf(id), added: others.indexOf(id) }));
  return {
    addedOf: (key) => segmentsOf(cutKey(key, others)),
    join: (key, added) => {
      if (added.length === 0) return key;
      const own = segmentsOf(key);
      return places.map((at) => (at.own < 0 ? added[at.added] : own[at.own])).join('/');
    },
  };
}

/** A task's id: derived, so that whoever makes it makes the same. */
export function taskId(run: string, block: string, key: string, sample: number): string {
  return uuidFrom(run, block, key, sample);
}

/** Labels of a `many` task's outputs: their ids, else their positions from 1. */
export function outputLabels(
  outputs: readonly { readonly id?: string; readonly label?: string }[],
): { labels: string[] } | { error: 'bad-result'; message: string } {
  const given = outputs.flatMap(({ label: written }) =>
    written === undefined ? [] : [shortened(written, written)],
  );
  if (given.length > 0) return { labels: given };
  const ids = outputs.map(({ id }) => (id === undefined || id === '' ? undefined : id));
  const named = ids.filter((id) => id !== undefined).length;
  if (named > 0 && named < ids.length) {
    return {
      error: 'bad-result',
      message: `${named} of ${ids.length} outputs have an id: give all of them one, or none`,
    };
  }
  const labels = ids.map((id, position) => (id === undefined ? String(position + 1) : label(id)));
  const repeated = firstRepeated(labels);
  if (repeated !== undefined)
    return { error: 'bad-result', message: `Two outputs have the id "${repeated}"` };
  return { labels };
}

function segmentsOf(key: string): string[] {
  return key === '' ? [] : key.split('/');
}

function blockOf(segment: string): string {
  return segment.slice(0, segment.indexOf('='));
}

function firstRepeated(labels: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return labels.find((one) => seen.size === seen.add(one).size);
}
