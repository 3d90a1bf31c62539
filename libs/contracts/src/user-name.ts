/** What a person may be called, wherever people are named: 60 characters of any script. */
export const USER_NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@+-]{0,59}$/u;

/** A name as the header `X-DuoFactory-User` carries it: beyond ASCII, percent-encoded UTF-8. */
export const userHeader = (name: string): string =>
  /^[\x20-\x7e]*$/.test(name) && !name.includes('%') ? name : encodeURIComponent(name);

/** The name that a header carries; one that is not encoded, as it is. */
export function userOfHeader(header: string): string {
  try {
    return decodeURIComponent(header).normalize('NFC');
  } catch {
    return header;
  }
}
