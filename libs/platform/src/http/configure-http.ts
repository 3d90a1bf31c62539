import { ValidationPipe, type INestApplication, type ValidationError } from '@nestjs/common';
import { Problem, type FieldError } from '../problem.js';
import { ProblemFilter } from './problem-filter.js';

/** What every service's REST API has in common: unknown fields are refused, errors are problem details. */
export function configureHttp(app: INestApplication, unforeseen: (error: unknown) => void): void {
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: (errors) => invalidRequest(errors.flatMap((error) => fieldErrors(error, ''))),
    }),
  );
  app.useGlobalFilters(new ProblemFilter(unforeseen));
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
