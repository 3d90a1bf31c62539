import { BlockFailure } from '@duofactory/block-kit';
import { ExpressionFailed, ExpressionTimeout, InvalidExpression } from '@duofactory/expressions';

/** An expression's failures come again: they are terminal. */
export function classified(error: unknown): unknown {
  if (
    error instanceof InvalidExpression ||
    error instanceof ExpressionFailed ||
    error instanceof ExpressionTimeout
  )
    return new BlockFailure(error.code, error.message, { cause: error });
  return error;
}
