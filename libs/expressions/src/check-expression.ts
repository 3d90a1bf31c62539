import jsonata from 'jsonata';

export interface ExpressionFault {
  readonly message: string;
  /** Of the first character that does not fit, from 1. */
  readonly position: number | undefined;
}

/** What is wrong with an expression's syntax, if anything. Nothing is evaluated. */
export function checkExpression(expression: string): ExpressionFault | undefined {
  try {
    jsonata(expression);
    return undefined;
  } catch (error) {
    const { message, position } = error as { message?: string; position?: number };
    return { message: `${message ?? String(error)}${hintAt(expression)}`, position };
  }
}

/** What other languages write, outside of texts. */
const FOREIGN = /==|&&|\|\||!(?!=)/;
const TEXTS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

function hintAt(expression: string): string {
  if (!FOREIGN.test(expression.replace(TEXTS, ''))) return '';
  return '. In JSONata one compares with a single "=", and says "and", "or" and "$not(…)"';
}
