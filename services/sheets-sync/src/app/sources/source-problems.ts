import { Problem, type FieldError } from '@duofactory/platform';

/** What was sent cannot be a table or a course. Nothing of it is stored. */
export function invalidSource(code: string, detail: string, errors?: readonly FieldError[]): Problem {
  return new Problem({
    status: 422,
    code,
    title: 'The source is refused',
    detail,
    ...(errors ? { errors } : {}),
  });
}

export function unknownWatch(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-watch',
    title: 'Unknown watch',
    detail: `"${id}" is not watched: PUT /api/sources/${id}/watch sets it`,
  });
}

export function unknownSource(kind: string, id: string): Problem {
  return new Problem({
    status: 404,
    code: `unknown-${kind}`,
    title: `Unknown ${kind}`,
    detail: `No ${kind} "${id}" is published`,
  });
}
