import { Episode, uuidFrom, type EpisodeProvenance, type SpeechResult } from '@duofactory/contracts';
import { BlockFailure } from '@duofactory/block-kit';
import { Compile } from 'typebox/compile';

const episodes = Compile(Episode);

/** What a run brings to be published. */
export interface EpisodeParts {
  readonly environment: string;
  readonly course: { readonly id: string; readonly from: string; readonly to: string };
  readonly node: { readonly id: string; readonly name: string; readonly level: string };
  readonly slot: number;
  readonly wrapper: string;
  readonly title: string;
  readonly viability: number;
  readonly script: { readonly lines: readonly { speaker: string; text: string }[] };
  readonly exercises: Episode['exercises'];
  readonly audio: SpeechResult;
  readonly provenance: EpisodeProvenance;
}

/** The same course, node, show and slot: the same episode, whichever run makes it. */
export function episodeId({ course, node, wrapper, slot }: EpisodeParts): string {
  return uuidFrom('episode', course.id, node.id, wrapper, slot);
}

/** `episode.json` but for its version. Throws BlockFailure `invalid-episode` that names the field. */
export function buildEpisode(parts: EpisodeParts): Omit<Episode, 'version'> {
  const { course, node, slot, wrapper, title, viability, script, exercises, audio, provenance } = parts;
  const episode: Episode = {
    schemaVersion: 1,
    id: episodeId(parts),
    version: 1,
    course: { ...course },
    node: { ...node },
    slot,
    wrapper,
    title,
    viability,
    // What is heard: a reviewer may have had a line corrected and spoken anew.
    script: { lines: audio.lines.map(({ speaker, text }) => ({ speaker, text })) },
    exercises,
    audio: audio.audio,
    durationMs: audio.durationMs,
    lines: audio.lines,
    provenance: { ...provenance, ...(audio.measures ? { audio: audio.measures } : {}) },
  };
  if (!episodes.Check(episode)) {
    const [first] = episodes.Errors(episode);
    throw invalid(first?.instancePath.slice(1).replaceAll('/', '.') ?? '', first?.message ?? 'is wrong');
  }
  if (audio.lines.length !== script.lines.length)
    throw invalid('audio.lines', `has ${audio.lines.length} lines, the script ${script.lines.length}`);
  exercises.forEach(({ line, options, answer }, i) => {
    if (line >= script.lines.length)
      throw invalid(`exercises.${i}.line`, `is ${line}, and the script has ${script.lines.length} lines`);
    if (!options.includes(answer))
      throw invalid(`exercises.${i}.answer`, `"${answer}" is none of its options`);
  });
  const { version: _, ...rest } = episode;
  return rest;
}

function invalid(field: string, what: string): BlockFailure {
  return new BlockFailure('invalid-episode', `The episode cannot be published: ${field} ${what}`);
}
