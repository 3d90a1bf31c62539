const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text of a model or a sheet as a terminal may show it: escape sequences and direction marks are taken out. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, '\uFFFD');
}
