/** What a person does about an error that the engine or the worker's runtime has named: their messages say what happened. */
const OF_CODES: Readonly<Record<string, string>> = {
  timeout:
    'Give the block a longer `timeout` or less to do at a time, and rerun on the latest version; retry if the service was only busy.',
  lost: 'Look in Operations whether a service for this block type runs; then retry the failed tasks.',
  'deadline-exceeded':
    'Retry: the deadline counts anew. If that is never enough, give the block a longer `deadline`.',
  'bad-result': 'The answer breaks the contract of the block type: its owner mends the service; then retry.',
  'invalid-answer':
    'The answer breaks the contract of the block type: its owner mends the service; then retry.',
  'internal-error': "A fault inside the service: its log has this task's id; once it is mended, retry.",
  'missing-variable':
    'Name a result, an input or a variable that is there, publish the workflow, and rerun on the latest version.',
  'expression-failed':
    'Correct the expression of the block, publish the workflow, and rerun on the latest version.',
  'child-failed': 'Open the run inside, mend what failed there, and retry this run.',
  'too-deep': 'Let workflows start each other less deep, publish them, and rerun on the latest version.',
  'review-expired':
    'Retry: a person is asked again. Give the review a longer `expires` if that was too short.',
  'rounds-exhausted':
    'Give the loop more `rounds` or a lower aim, publish the workflow, and rerun on the latest version.',
};
const LATER = 'It may succeed later: retry the failed tasks once what the message names is there again.';
const AGAIN_THE_SAME =
  'Trying again gives the same: correct what the message names; what was changed in the workflow, a prompt or a table counts in a rerun on the latest version.';

/** `retryable`: as the service said of the last attempt. */
export function remedyOf(error: { readonly code: string }, retryable: boolean): string {
  return OF_CODES[error.code] ?? (retryable ? LATER : AGAIN_THE_SAME);
}
