import { isObject } from '../values/is-object.js';

export interface KeptResult {
  readonly object: string;
  readonly sizeBytes: number;
}

/** A result that is kept apart says where, and nothing else. */
export function keptIn(value: unknown): KeptResult | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const ref = value['ref'] as Partial<KeptResult> | null | undefined;
  return typeof ref?.object === 'string' && typeof ref.sizeBytes === 'number'
    ? (ref as KeptResult)
    : undefined;
}
