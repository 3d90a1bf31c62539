import { Problem } from '../problem.js';

/** Who may make a draft a version. `second-person`: nobody who changed it since the one that is published. */
export const PUBLISH_POLICIES = ['anyone', 'second-person'] as const;
export type PublishPolicy = (typeof PUBLISH_POLICIES)[number];

/** Throws Problem `second-person-needed`. `authors`: of what the draft has more than the version that is published. */
export function checkPublisher(
  policy: PublishPolicy,
  { by, authors }: { by: string; authors: readonly string[] },
): void {
  if (policy === 'anyone' || !authors.includes(by)) return;
  const names = [...new Set(authors)].join(' and ');
  throw new Problem({
    status: 403,
    code: 'second-person-needed',
    title: 'Somebody else publishes this',
    detail: `Changed by ${names} since the last version: somebody who changed none of it looks at it and publishes it`,
  });
}
