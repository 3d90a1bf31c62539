/** So many things the server takes in one request. */
const AT_ONCE = 100;

/** Sends many things, piece after piece, and tells how far it is. Returns what the answers told, in order. */
export async function inPieces<T>(
  all: readonly string[],
  send: (some: string[]) => Promise<readonly T[]>,
  onSent: (count: number) => void,
): Promise<T[]> {
  const told: T[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    told.push(...(await send(all.slice(from, from + AT_ONCE))));
    onSent(Math.min(from + AT_ONCE, all.length));
  }
  return told;
}
