export { checkExpression, type ExpressionFault } from './check-expression.js';
export { ExpressionFailed, ExpressionTimeout, InvalidExpression, faultText } from './expression-errors.js';
export { Expressions, type EvaluateOptions } from './expressions.js';
export { rootNames } from './root-names.js';
