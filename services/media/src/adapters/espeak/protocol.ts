/** What this process asks the engine's process, over Node's own channel (structured clone). */
export interface EspeakAsk {
  id: number;
  text: string;
  voice: string;
  wordsPerMinute: number;
}

/** An event of the engine: `index` is 1-based and counts code points, `atMs` counts from the first sample. */
export interface EspeakEvent {
  type: string;
  atMs: number;
  index: number;
  /** Of a phoneme: IPA; empty for a pause; in round brackets where the language changes. */
  phoneme: string;
}

export type EspeakAnswer =
  | { id: number; outcome: 'spoken'; pcm: Int16Array; sampleRate: number; events: EspeakEvent[] }
  /** The engine took no such voice. */
  | { id: number; outcome: 'voice-unknown' }
  /** The package is not installed or cannot be loaded. */
  | { id: number; outcome: 'unavailable'; reason: string }
  | { id: number; outcome: 'failed'; reason: string };
