import { BlockFailure, defineBlock } from '@duofactory/block-kit';
import type { PublishEpisode } from '../../app/publish-episode.js';
import type { ReadProvenance } from '../../app/read-provenance.js';
import { manifest } from './manifest.js';

interface Unit {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly language: string;
  readonly from: string;
}

/** Publishes one episode. Result: PublishResult. The same content again publishes nothing. */
export const publishBlock = (publish: PublishEpisode, provenance: ReadProvenance) =>
  defineBlock({
    ...manifest,
    execute: async ({ with: configuration, payload }, { task, run, block, signal }) => {
      const {
        environment,
        course,
        node,
        slot,
        wrapper,
        title,
        viability,
        script,
        exercises,
        audio,
        replace,
      } = configuration;
      const unit = configuration.unit ?? unitAmong(payload.blockResults, node);
      return publish.execute(
        {
          environment,
          course: { id: course, from: unit.from, to: unit.language },
          node: { id: node, name: unit.name, level: unit.level },
          slot,
          wrapper,
          title,
          viability,
          script,
          exercises: exercises.exercises,
          audio,
          provenance: await provenance.execute(task, payload.blockResults, audio.voices ?? [], signal),
        },
        { task, run, block, ...(replace === undefined ? {} : { replace }) },
      );
    },
  });

/** The unit that the payload came from: the result above that has the node's id. */
function unitAmong(blockResults: Readonly<Record<string, unknown>>, node: string): Unit {
  const unit = Object.values(blockResults).find(
    (result): result is Unit =>
      typeof result === 'object' &&
      result !== null &&
      (result as Partial<Unit>).id === node &&
      typeof (result as Partial<Unit>).language === 'string',
  );
  if (unit) return unit;
  throw new BlockFailure(
    'unknown-unit',
    `No block above has the unit "${node}": import it from course-data, or give it by with.unit`,
  );
}
