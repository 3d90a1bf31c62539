import type { Voice } from '../../app/speech-synthesis.js';
import { VoiceUnknown } from '../../app/speech-failure.js';

/**
 * Language tags and the engine's accents (its `en` is British, its `pt` European). A language without a region gets the one that most courses teach. Only what the engine
 * really has: it takes an unknown variant without a word and speaks with its default one.
 */
const ACCENTS = new Map([
  ['en', 'en-us'],
  ['en-gb', 'en'],
  ['en-us', 'en-us'],
  ['es', 'es-419'],
  ['es-419', 'es-419'],
  ['es-es', 'es'],
  ['es-mx', 'es-419'],
  ['fr', 'fr'],
  ['fr-be', 'fr-be'],
  ['fr-ch', 'fr-ch'],
  ['fr-fr', 'fr'],
  ['de', 'de'],
  ['pt', 'pt-br'],
  ['pt-br', 'pt-br'],
  ['pt-pt', 'pt'],
  ['it', 'it'],
  ['ja', 'ja'],
  ['hi', 'hi'],
  ['ko', 'ko'],
  ['ru', 'ru'],
  ['vi', 'vi'],
]);

/** The engine's variants that sound like people and differ well from each other. */
const CHARACTERS = [
  { variant: 'f2', gender: 'female' },
  { variant: 'm3', gender: 'male' },
  { variant: 'f3', gender: 'female' },
  { variant: 'm7', gender: 'male' },
  { variant: 'f5', gender: 'female' },
  { variant: 'm1', gender: 'male' },
] as const;

export const ESPEAK_LANGUAGES: readonly string[] = [...ACCENTS.keys()];

/** Ids are the engine's: accent and variant, as in `es-419+f3`. */
export function espeakVoices(language: string): readonly Voice[] {
  const accent = accentOf(language);

  return CHARACTERS.map(({ variant, gender }) => ({
    id: `${accent}+${variant}`,
    language,
    character: variant,
    gender,
  }));
}

function accentOf(language: string): string {
  const tag = language.toLowerCase().replaceAll('_', '-');
  const accent = ACCENTS.get(tag) ?? ACCENTS.get(tag.split('-')[0] ?? '');
  if (!accent) {
    throw new VoiceUnknown(
      `espeak has no voice for the language "${language}" here. It speaks ${ESPEAK_LANGUAGES.join(', ')}.`,
    );
  }

  return accent;
}
