import {
  ValidationPipe,
  type ArgumentMetadata,
  type INestApplication,
  type PipeTransform,
} from '@nestjs/common';
import { Problem, type FieldError } from '../problem.js';
import { fieldErrors } from './field-errors.js';
import { ProblemFilter, type FailedRequest } from './problem-filter.js';

/** What every service's REST API has in common: unknown fields are refused, errors are problem details. */
export function configureHttp(app: INestApplication, failed: (request: FailedRequest) => void): void {
  app.useGlobalPipes(
    new NotTooDeep(),
    new NullAsAbsent(),
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      // For the fields that there are.
      validationError: { target: true, value: false },
      exceptionFactory: (errors) => invalidRequest(errors.flatMap((error) => fieldErrors(error))),
    }),
  );
  app.useGlobalFilters(new ProblemFilter(failed));
}

const DEEPEST = 500;

/** What reads a body goes into it level by level, and would come to the end of the stack. */
class NotTooDeep implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (type !== 'body') return value;
    let level = [value].filter(isNested);
    for (let depth = 1; level.length > 0; depth += 1) {
      if (depth > DEEPEST) throw tooDeep();
      level = level.flatMap((one) => Object.values(one).filter(isNested));
    }
    return value;
  }
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
}

function tooDeep(): Problem {
  return new Problem({
    status: 400,
    code: 'too-deep',
    title: 'The request is nested too deep',
    detail: `Lists and objects stand in each other more than ${DEEPEST} levels deep: send them flatter`,
  });
}

/** A field of a request that is null says nothing: its default holds, or it is missing. */
class NullAsAbsent implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (type !== 'body' || value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    if (Buffer.isBuffer(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  }
}

function invalidRequest(errors: FieldError[]): Problem {
  return new Problem({
    status: 400,
    code: 'invalid-request',
    title: 'The request is not valid',
    detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
    errors,
  });
}
