import { Problem } from '@duofactory/platform';

export function unknownRun(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-run',
    title: 'Unknown run',
    detail: `No run has the id ${id}`,
  });
}
