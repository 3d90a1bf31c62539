/** A key as people read it: `brief=Slow%20News/script=3` is "brief Slow News / script 3". */
export function keyText(key: string, from = 0): string {
  const segments = key.split('/').slice(from);
  const text = segments.map((segment) => segment.split('=').map(decoded).join(' ')).join(' / ');
  return text === '' ? 'the run' : text;
}

/** How many leading segments all keys share: they say nothing in a list of them. The last one always stays. */
export function sharedSegments(keys: readonly string[]): number {
  const [first, ...rest] = keys.map((key) => key.split('/'));
  if (!first || rest.length === 0) return 0;
  let shared = 0;
  while (
    shared < first.length - 1 &&
    rest.every((one) => one[shared] === first[shared] && one.length > shared + 1)
  )
    shared += 1;
  return shared;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
