import { Problem } from '@duofactory/platform';

/** What was to be new would replace another one. */
export function idTaken(what: 'schedule' | 'trigger', id: string): Problem {
  const message = `There is a ${what} "${id}" already: choose another id`;
  return new Problem({
    status: 412,
    code: `${what}-exists`,
    title: `The ${what} is not new`,
    detail: message,
    errors: [{ field: 'id', message }],
  });
}
