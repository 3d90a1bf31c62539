import { GoldenSetDefinition } from '@duofactory/contracts';
import {
  schemaFaults,
  type DefinitionKind,
  type DefinitionLibrary,
  type FieldError,
} from '@duofactory/platform';
import { Ajv2020 } from 'ajv/dist/2020.js';

export type GoldenSetLibrary = DefinitionLibrary<GoldenSetDefinition>;

const validate = new Ajv2020({ allErrors: true, strict: false }).compile(GoldenSetDefinition);

export const goldenSetKind: DefinitionKind<GoldenSetDefinition> = {
  kind: 'golden-set',
  resource: 'golden-sets',
  check: checkGoldenSet,
  // Its cases are data: braces in them are text.
  variables: () => [],
  uses: ({ evaluators }) =>
    evaluators.map((reference, i) => ({ kind: 'evaluator', reference, field: `evaluators.${i}` })),
};

function checkGoldenSet(definition: unknown): FieldError[] {
  if (!validate(definition)) return schemaFaults(validate.errors);
  const { cases, evaluators } = definition as GoldenSetDefinition;
  const seen = new Set<string>();
  return cases.flatMap(({ id, verdict, verdicts = {}, judgedOn }, i): FieldError[] => {
    const field = `cases.${i}`;
    const faults: FieldError[] = [];
    if (seen.size === seen.add(id).size)
      faults.push({ code: 'duplicate-case', field: `${field}.id`, message: `Two cases are called "${id}"` });
    if (verdict === undefined && Object.keys(verdicts).length === 0)
      faults.push({
        code: 'missing-verdict',
        field: `${field}.verdict`,
        message: 'What does a person say of it: pass or fail?',
      });
    if (judgedOn !== undefined && !isDay(judgedOn)) {
      const message = `"${judgedOn}" is no day: write it like 2030-01-31`;
      faults.push({ code: 'invalid-day', field: `${field}.judgedOn`, message });
    }
    for (const name of Object.keys(verdicts)) {
      if (evaluators.includes(name)) continue;
      const message = `"${name}" is none of this set's evaluators: ${evaluators.join(', ')}`;
      faults.push({ code: 'unknown-evaluator', field: `${field}.verdicts.${name}`, message });
    }
    return faults;
  });
}

/** JavaScript would read the 31st of February as a day in March. */
function isDay(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
