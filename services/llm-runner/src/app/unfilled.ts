import {
  MissingVariable,
  lookupIn,
  templatePaths,
  type Lookup,
  type PromptDefinition,
  type Ref,
} from '@duofactory/contracts';

type Scope = Readonly<Record<string, unknown>>;

const IMAGE = /^image:/;

/** What templates of a prompt name and nothing gives, as they name it. */
export function unfilledPaths({ steps }: PromptDefinition, scope: Scope): string[] {
  const lookup = lookupIn(scope);
  return templatePaths(steps.map(({ text }) => text ?? '')).filter((path) => {
    try {
      lookup(path.replace(IMAGE, ''));
      return false;
    } catch (error) {
      if (error instanceof MissingVariable) return true;
      throw error;
    }
  });
}

/** What is unfilled stays as it is written; an image is one of nothing. */
export function lookupLeaving(unfilled: readonly string[], scope: Scope): Lookup {
  const lookup = lookupIn(scope);
  const stands = new Map<string, unknown>(
    unfilled.map((path) => (IMAGE.test(path) ? [path.replace(IMAGE, ''), NO_IMAGE] : [path, `{{${path}}}`])),
  );
  return (path) => (stands.has(path) ? stands.get(path) : lookup(path));
}

const NO_IMAGE: Ref = {
  object: `sha256/00/${'0'.repeat(64)}`,
  mediaType: 'image/unfilled',
  sizeBytes: 0,
};
