import type { TSchema } from 'typebox';
import { CourseDefinition, TableDefinition } from '../content/course.js';
import { Episode } from '../content/episode.js';
import { EvaluatorDefinition } from '../content/evaluator.js';
import { GoldenSetDefinition } from '../content/golden-set.js';
import { PromptDefinition } from '../content/prompt.js';
import { WorkflowDefinition } from '../content/workflow.js';

/** By kind: what a content file of that kind may hold. */
const SCHEMAS: Record<string, TSchema> = {
  workflow: WorkflowDefinition,
  prompt: PromptDefinition,
  evaluator: EvaluatorDefinition,
  'golden-set': GoldenSetDefinition,
  course: CourseDefinition,
  table: TableDefinition,
  episode: Episode,
};

/** JSON Schemas (2020-12) of content files, by kind: editors complete and check the files by them. */
export function contentSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([kind, schema]) => [
      kind,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `urn:duofactory:schema:${kind}`,
        ...plain(schema),
      },
    ]),
  );
}

/** Without the marks that the library keeps on its schemas. */
function plain(schema: TSchema): object {
  return JSON.parse(JSON.stringify(schema)) as object;
}
