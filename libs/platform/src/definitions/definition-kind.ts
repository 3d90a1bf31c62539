import type { FieldError } from '../problem.js';

/** A thing of another library, or of this one, that a definition names. */
export interface DefinitionUse {
  readonly kind: string;
  /** `id`, `id@7` or `id@label`. */
  readonly reference: string;
  /** Where: `with.prompt`. */
  readonly field: string;
}

/** What a library keeps. */
export interface DefinitionKind<D> {
  /** As references name it: `prompt`. */
  readonly kind: string;
  /** As its REST resource is called: `prompts`. */
  readonly resource: string;
  /** Everything that can be known to be wrong beforehand. */
  readonly check: (definition: unknown) => FieldError[];
  /** Paths of the variables that it reads when a block uses it; those of images begin with `image:`. Takes an unfinished one, too. */
  readonly variables: (definition: unknown) => string[];
  uses?(definition: D): DefinitionUse[];
}
