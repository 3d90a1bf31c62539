import { Problem } from '../problem.js';

/** What a change expects of the draft that is there: its revision, that there is one, or that there is none. */
export type ExpectedRevision = number | 'any' | 'none';

/**
 * As the headers of a request say it. Throws Problem `precondition-required` where neither is given. A tag that no draft
 * of ours had fits none: 412, as for one that is old.
 */
export function expectedRevision(ifMatch: string | undefined, ifNoneMatch?: string): ExpectedRevision {
  if (ifMatch === undefined) {
    if (ifNoneMatch?.trim() === '*') return 'none';
    throw new Problem({
      status: 428,
      code: 'precondition-required',
      title: 'Say which draft you changed',
      detail:
        'Send If-Match with the ETag that GET or PUT of the draft gave; a first draft: If-None-Match: *',
      errors: [{ field: 'If-Match', message: 'Missing' }],
    });
  }
  if (ifMatch.trim() === '*') return 'any';
  return Number(/^"(\d{1,9})"$/.exec(ifMatch.trim())?.[1] ?? -1);
}

/** Throws Problem `draft-changed` where the draft is another one. `address`: where it is read. */
export function checkExpected(
  address: string,
  draft: { readonly revision: number; readonly by: string } | undefined,
  expected: ExpectedRevision,
): void {
  if (expected === 'none' ? !draft : draft && (expected === 'any' || expected === draft.revision)) return;
  const is = draft ? `It is at revision ${draft.revision}, saved by ${draft.by}` : 'There is none';
  throw new Problem({
    status: 412,
    code: 'draft-changed',
    title: 'The draft is not what you expect',
    detail: `${is}. Read GET ${address} and send its ETag as If-Match${draft ? '' : ', or If-None-Match: * to begin one'}.`,
  });
}
