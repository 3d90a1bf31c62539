import type { EpisodeParts } from '../src/app/build-episode.js';

/** What a run brings to be published, the least of it. */
export function someParts({
  course,
  slot = 1,
  ...over
}: { course: string; slot?: number } & Partial<Omit<EpisodeParts, 'course' | 'slot'>>): EpisodeParts {
  const times = { startMs: 0, endMs: 900 };
  const lines = [
    { speaker: 'Ana', text: 'Un café, por favor.' },
    { speaker: 'Leo', text: 'Claro.' },
  ];
  const object = `sha256/ab/${'ab'.repeat(32)}`;
  return {
    environment: 'dev',
    course: { id: course, from: 'en', to: 'es' },
    node: { id: 'cafe', name: 'En el café', level: 'A1' },
    slot,
    wrapper: 'Slow News',
    title: 'Un café',
    viability: 0.9,
    script: { lines },
    exercises: [{ kind: 'listen', prompt: 'Which word?', options: ['café', 'pan'], answer: 'café', line: 0 }],
    audio: {
      audio: { object, mediaType: 'audio/ogg', sizeBytes: 3 },
      durationMs: 1900,
      peaks: { object, mediaType: 'application/json', sizeBytes: 3 },
      lines: lines.map((line) => ({ ...line, ...times, words: [], visemes: [{ id: 'a', ...times }] })),
    },
    provenance: {
      run: 'run',
      prompts: [],
      evaluators: [],
      scores: {},
      models: ['offline/x'],
      offline: true,
      rows: [],
    },
    ...over,
  };
}
