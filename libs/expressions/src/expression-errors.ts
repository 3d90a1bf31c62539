/** `position`: of the first character that does not fit, from 1. */
export function faultText(
  expression: string,
  { message, position }: { readonly message: string; readonly position: number | undefined },
): string {
  const at = position === undefined ? '' : ` (at character ${position})`;
  return `"${expression}" is no expression: ${message}${at}`;
}

/** The text is no JSONata. Terminal. */
export class InvalidExpression extends Error {
  readonly code = 'invalid-expression';
  readonly terminal = true;
  constructor(
    readonly expression: string,
    reason: string,
    /** Of the first character that does not fit, from 1. */
    readonly position: number | undefined,
  ) {
    super(faultText(expression, { message: reason, position }));
    this.name = 'InvalidExpression';
  }
}

/** It took too long, or too much memory. Terminal: it would again. */
export class ExpressionTimeout extends Error {
  readonly code = 'expression-timeout';
  readonly terminal = true;
  constructor(expression: string, limitMs: number) {
    super(`"${expression}" was not evaluated within ${limitMs} ms: does it loop, or build very long lists?`);
    this.name = 'ExpressionTimeout';
  }
}

/** It cannot be evaluated on this data, for example a text is added to a number. Terminal. */
export class ExpressionFailed extends Error {
  readonly code = 'expression-failed';
  readonly terminal = true;
  constructor(expression: string, reason: string) {
    super(`"${expression}" failed: ${reason}`);
    this.name = 'ExpressionFailed';
  }
}
