const PAGE_HEADER_BYTES = 27;
const NO_POSITION = 0xffff_ffff_ffff_ffffn;

/**
 * Milliseconds that a player will show for an Ogg Vorbis file: the position of its last page over the rate in its
 * first (RFC 3533; Vorbis I, section 4.2.2). Throws if the pages are not in order to the last byte.
 */
export function oggDurationMs(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let lastPosition = 0n;
  for (let page = 0; page < bytes.length; page = nextPage(view, page)) {
    const position = view.getBigUint64(page + 6, true);
    if (position !== NO_POSITION) lastPosition = position;
  }
  // The identification header is alone on the first page, which has one segment.
  const sampleRate = view.getUint32(PAGE_HEADER_BYTES + 1 + 12, true);

  return Math.floor((Number(lastPosition) * 1000) / sampleRate);
}

function nextPage(view: DataView, page: number): number {
  const capture = view.byteLength >= page + PAGE_HEADER_BYTES ? view.getUint32(page, false) : 0;
  if (capture !== 0x4f676753) throw new Error(`No Ogg page begins at byte ${page}.`);

  const segments = view.getUint8(page + 26);
  let end = page + PAGE_HEADER_BYTES + segments;
  for (let i = 0; i < segments; i += 1) end += view.getUint8(page + PAGE_HEADER_BYTES + i);
  if (end > view.byteLength) throw new Error(`The Ogg page at byte ${page} is cut off.`);

  return end;
}
