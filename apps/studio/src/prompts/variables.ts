/** What a variable of the prompt is tried with, as it is written in its field. */
export interface TriedValue {
  readonly type: 'text' | 'json' | 'image';
  readonly raw: string;
  readonly image?: StoredImage;
}

export interface StoredImage {
  readonly object: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

export type TriedValues = Readonly<Record<string, TriedValue>>;

export interface Variable {
  /** Such as `unit.level`. */
  readonly path: string;
  readonly isImage: boolean;
}

/** The fields to fill: where `script` is read whole, `script.title` is part of it. */
export function variablesToFill(paths: readonly string[]): Variable[] {
  const read = paths.map((path) => ({
    path: path.replace(/^image:/, ''),
    isImage: path.startsWith('image:'),
  }));
  const distinct = read.filter((one, n) => read.findIndex(({ path }) => path === one.path) === n);
  return distinct.filter(({ path }) => !distinct.some((other) => path.startsWith(`${other.path}.`)));
}

export function emptyValue({ isImage }: Variable): TriedValue {
  return { type: isImage ? 'image' : 'text', raw: '' };
}

export const isEmptyValue = ({ raw, image }: TriedValue): boolean => raw.trim() === '' && !image;

/** The values as a request has them; paths whose JSON cannot be read are named. */
export function valuesToSend(
  fields: readonly Variable[],
  tried: TriedValues,
): { variables: Record<string, unknown>; unreadable: Readonly<Record<string, string>> } {
  const variables: Record<string, unknown> = {};
  const unreadable: Record<string, string> = {};
  for (const field of fields) {
    const { type, raw, image } = tried[field.path] ?? emptyValue(field);
    if (type === 'image') {
      if (image) put(variables, field.path, image);
    } else if (type === 'text') put(variables, field.path, raw);
    else {
      try {
        put(variables, field.path, JSON.parse(raw) as unknown);
      } catch (error) {
        unreadable[field.path] = `This is no JSON: ${(error as Error).message}`;
      }
    }
  }
  return { variables, unreadable };
}

function put(into: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  let at = into;
  for (const name of names.slice(0, -1)) {
    if (!Object.hasOwn(at, name)) Object.defineProperty(at, name, { value: {}, ...PLAIN });
    at = at[name] as Record<string, unknown>;
  }
  Object.defineProperty(at, names.at(-1)!, { value, ...PLAIN });
}

/** `__proto__` is a name like any other. */
const PLAIN = { enumerable: true, writable: true, configurable: true };

/** A field of what a block was given; undefined: nothing there has that name. */
export function valueAt(scope: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isThere ? (value as Record<string, unknown>)[name] : undefined;
  }, scope);
}

/** The fields as a real input fills them. */
export function valuesOf(fields: readonly Variable[], scope: unknown): TriedValues {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = valueAt(scope, field.path);
      return value === undefined ? [] : [[field.path, triedValue(value)]];
    }),
  );
}

function triedValue(value: unknown): TriedValue {
  if (typeof value === 'string') return { type: 'text', raw: value };
  if (isImage(value)) return { type: 'image', raw: '', image: value };
  return { type: 'json', raw: JSON.stringify(value, null, 2) };
}

function isImage(value: unknown): value is StoredImage {
  const { object, mediaType } = (value ?? {}) as Partial<StoredImage>;
  return typeof object === 'string' && typeof mediaType === 'string' && mediaType.startsWith('image/');
}

const MOST_PATHS = 2_000;
const DEEPEST = 6;

/** Every path that a template may name in it, down to what has no fields. */
export function pathsOf(scope: unknown): string[] {
  const paths: string[] = [];
  walk(scope, [], 0);
  return paths;

  function walk(value: unknown, path: readonly string[], depth: number): void {
    if (paths.length >= MOST_PATHS) return;
    const hasFields = typeof value === 'object' && value !== null && !Array.isArray(value) && !isImage(value);
    if (hasFields && depth < DEEPEST && Object.keys(value).length > 0)
      for (const [name, member] of Object.entries(value)) walk(member, [...path, name], depth + 1);
    else if (path.length > 0) paths.push(path.join('.'));
  }
}
