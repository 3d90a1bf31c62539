/** A column of values; none for `unnest` where all are null: it fills them up. */
export function given<Value>(values: readonly (Value | null)[]): readonly (Value | null)[] | null {
  return values.some((value) => value !== null) ? values : null;
}
