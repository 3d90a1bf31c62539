const AT_END_OF = [
  { marks: /(…|\.\.\.)$/u, ms: 700 },
  { marks: /[.!?。！？।॥]$/u, ms: 450 },
  { marks: /[,;:、，；：–—-]$/u, ms: 250 },
];
/** A line without a mark at its end: a name, a call. */
const UNMARKED_MS = 350;
const SPEAKER_CHANGE_MS = 200;

/** Milliseconds of silence between a line and the next one. */
export function pauseAfter(text: string, changesSpeaker: boolean): number {
  // Quotation marks and brackets close after the mark that counts.
  const bare = text.trimEnd().replace(/[\p{Pe}\p{Pf}"'»]+$/u, '');
  const ms = AT_END_OF.find(({ marks }) => marks.test(bare))?.ms ?? UNMARKED_MS;

  return changesSpeaker ? ms + SPEAKER_CHANGE_MS : ms;
}
