import { createHash } from 'node:crypto';
import type { SpeechRequest } from './speech-synthesis.js';

/** Names what a request sounds like: equal keys mean equal samples. SHA-256 in hex. */
export function spokenLineKey(engine: string, { text, language, voice, pace = 1 }: SpeechRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([engine, text.normalize('NFC'), language.toLowerCase(), voice, pace]))
    .digest('hex');
}
