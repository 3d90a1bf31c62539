export type NamedField = HTMLInputElement | HTMLTextAreaElement;

/** A field that may name what a block sees; undefined: it is none. */
export function namedField(target: EventTarget): NamedField | undefined {
  const isText = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  return isText && target.dataset['names'] !== undefined ? target : undefined;
}

/** Puts a name where the cursor was, as one who types it, and goes there. false: no field takes it. */
export function insertName(field: NamedField | undefined, path: string): boolean {
  if (!field?.isConnected) return false;
  const text = field.dataset['names'] === 'plain' ? path : `{{${path}}}`;
  field.focus();
  const from = field.selectionStart ?? field.value.length;
  field.setRangeText(text, from, field.selectionEnd ?? from, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return true;
}
