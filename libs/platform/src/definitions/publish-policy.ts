import { Problem } from '../problem.js';

/**
 * Who may make a draft a version, and when. `second-person`: nobody who changed it since the one that is published.
 * `preview`: once this very draft was compared with the one that is published, where that can be done (prompts).
 */
export const PUBLISH_POLICIES = ['anyone', 'second-person', 'preview', 'preview-and-second-person'] as const;
export type PublishPolicy = (typeof PUBLISH_POLICIES)[number];

const SECOND_PERSON: readonly PublishPolicy[] = ['second-person', 'preview-and-second-person'];
const PREVIEW: readonly PublishPolicy[] = ['preview', 'preview-and-second-person'];

export const demandsPreview = (policy: PublishPolicy): boolean => PREVIEW.includes(policy);

/** Throws Problem `second-person-needed`. `authors`: of what the draft has more than the version that is published. */
export function checkPublisher(
  policy: PublishPolicy,
  { by, authors }: { by: string; authors: readonly string[] },
): void {
  if (!SECOND_PERSON.includes(policy) || !authors.includes(by)) return;
  const names = [...new Set(authors)].join(' and ');
  throw new Problem({
    status: 403,
    code: 'second-person-needed',
    title: 'Somebody else publishes this',
    detail: `Changed by ${names} since the last version: somebody who changed none of it looks at it and publishes it`,
  });
}

/** Of a draft that nobody has compared as it is now. */
export function previewNeeded(since: number): Problem {
  return new Problem({
    status: 409,
    code: 'preview-needed',
    title: 'See first what it does',
    detail: `This draft, as it is now, was not compared with version ${since} on past inputs yet: compare it (POST /api/prompt-comparisons), then publish it`,
  });
}
