import { VoiceUnknown } from '../../app/speech-failure.js';
import type { Voice } from '../../app/speech-synthesis.js';

export type PollyEngine = 'neural' | 'standard';

export interface PollyVoice extends Voice {
  readonly engine: PollyEngine;
}

/** Language, then character, then name of a voice: what goes before the voices below. */
export type ChosenVoices = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The characters of espeak, in its order: a workflow that names one is spoken by either engine. */
const CHARACTERS = [
  { character: 'f2', gender: 'female' },
  { character: 'm3', gender: 'male' },
  { character: 'f3', gender: 'female' },
  { character: 'm7', gender: 'male' },
  { character: 'f5', gender: 'female' },
  { character: 'm1', gender: 'male' },
] as const;

/**
 * Voices of a language by character; `-` where the vendor has none. A language without a region also has voices of its
 * other regions, so that the speakers of an episode differ. Speech marks exist for the engines neural and standard.
 */
const VOICES = new Map([
  ['en', 'Joanna Matthew Ruth Stephen Danielle Gregory'],
  ['en-us', 'Joanna Matthew Ruth Stephen Danielle Gregory'],
  ['en-gb', 'Amy Brian Emma Arthur'],
  ['es', 'Lupe Pedro Mia Andres Lucia Sergio'],
  ['es-419', 'Lupe Pedro Mia Andres'],
  ['es-us', 'Lupe Pedro Penelope Miguel'],
  ['es-mx', 'Mia Andres'],
  ['es-es', 'Lucia Sergio Conchita Enrique'],
  ['fr', 'Lea Remi Gabrielle Liam Celine Mathieu'],
  ['fr-fr', 'Lea Remi Celine Mathieu'],
  ['fr-ca', 'Gabrielle Liam Chantal'],
  ['fr-be', 'Isabelle'],
  ['de', 'Vicki Daniel Hannah Hans Marlene'],
  ['de-de', 'Vicki Daniel Marlene Hans'],
  ['pt', 'Camila Thiago Vitoria Ricardo'],
  ['pt-br', 'Camila Thiago Vitoria Ricardo'],
  ['pt-pt', 'Ines Cristiano'],
  ['it', 'Bianca Adriano Carla Giorgio'],
  ['ja', 'Kazuha Takumi Tomoko - Mizuki'],
  ['hi', 'Kajal - Aditi'],
  ['ko', 'Seoyeon - Jihye'],
  ['ru', 'Tatyana Maxim'],
  ['zh', 'Zhiyu'],
  ['nl', 'Laura Ruben Lotte'],
  ['pl', 'Ola Jacek Ewa Jan Maja'],
  ['tr', 'Burcu - Filiz'],
  ['sv', 'Elin - Astrid'],
]);
const NEURAL_ONLY =
  'Ruth Stephen Danielle Gregory Arthur Pedro Andres Sergio Remi Gabrielle Liam Isabelle Daniel Hannah Thiago ' +
  'Adriano Kazuha Tomoko Kajal Jihye Laura Ola Burcu Elin';
const STANDARD_ONLY =
  'Penelope Miguel Conchita Enrique Celine Mathieu Chantal Hans Marlene Ricardo Cristiano Carla Giorgio Mizuki ' +
  'Aditi Tatyana Maxim Ruben Lotte Jacek Ewa Jan Maja Filiz Astrid';
const ONE_ENGINE = new Map<string, PollyEngine>([
  ...NEURAL_ONLY.split(' ').map((name) => [name, 'neural'] as const),
  ...STANDARD_ONLY.split(' ').map((name) => [name, 'standard'] as const),
]);

/** Tags that have voices, with those that were chosen. */
export function pollyLanguages(chosen: ChosenVoices): string[] {
  return [...new Set([...VOICES.keys(), ...Object.keys(chosen).map(tagOf)])];
}

/** Ids are the vendor's names. `preferred` is the engine of voices that have both. Throws VoiceUnknown. */
export function pollyVoices(language: string, preferred: PollyEngine, chosen: ChosenVoices): PollyVoice[] {
  const tag = tagOf(language);
  const own = Object.entries(chosen).find(([key]) => tagOf(key) === tag)?.[1] ?? {};
  const usual = VOICES.get(tag) ?? VOICES.get(tag.split('-')[0] ?? '');
  const names = usual?.split(' ') ?? [];
  const byCharacter = new Map<string, string>([
    ...CHARACTERS.map(({ character }, i) => [character, names[i] ?? '-'] as const),
    ...Object.entries(own),
  ]);
  const voices = [...byCharacter]
    .filter(([, name]) => name !== '-')
    .map(([character, name]): PollyVoice => ({
      id: name,
      language,
      character,
      gender: CHARACTERS.find((one) => one.character === character)?.gender ?? 'female',
      engine: ONE_ENGINE.get(name) ?? preferred,
    }));
  if (voices.length === 0) {
    throw new VoiceUnknown(
      `Polly has no voice for the language "${language}" here. It speaks ${pollyLanguages(chosen).join(', ')}; ` +
        'DUOFACTORY_POLLY_VOICES adds others.',
    );
  }

  return voices;
}

const tagOf = (language: string) => language.toLowerCase().replaceAll('_', '-');
