import {
  ValidationPipe,
  type ArgumentMetadata,
  type INestApplication,
  type PipeTransform,
  type ValidationError,
} from '@nestjs/common';
import { Problem, type FieldError } from '../problem.js';
import { ProblemFilter, type FailedRequest } from './problem-filter.js';

/** What every service's REST API has in common: unknown fields are refused, errors are problem details. */
export function configureHttp(app: INestApplication, failed: (request: FailedRequest) => void): void {
  app.useGlobalPipes(
    new NullAsAbsent(),
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: (errors) => invalidRequest(errors.flatMap((error) => fieldErrors(error, ''))),
    }),
  );
  app.useGlobalFilters(new ProblemFilter(failed));
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

function fieldErrors({ property, constraints, children }: ValidationError, parent: string): FieldError[] {
  const field = parent === '' ? property : `${parent}.${property}`;
  const own = Object.values(constraints ?? {}).map((message) => ({ field, message }));
  return [...own, ...(children ?? []).flatMap((child) => fieldErrors(child, field))];
}
