import { copyTypings, forgetTypings } from '../values/typing.js';

/** What is typed into a setting and cannot be read yet is kept at its place: workflow, block, path of the field. */
export function placeInside(place: string, ...path: readonly (string | number)[]): string {
  return [place, ...path.map((part) => encodeURIComponent(part))].join('/');
}

export const placeOfBlock = (workflow: string, block: string): string =>
  placeInside('field', workflow, block);

/** Under both names: Undo brings the old one back. */
export function renamedBlock(workflow: string, before: string, after: string): void {
  copyTypings(placeOfBlock(workflow, before), placeOfBlock(workflow, after));
}

/** Those behind it take its place. */
export function removedItem(place: string, at: number, items: number): void {
  for (let n = at + 1; n < items; n += 1) copyTypings(placeInside(place, n), placeInside(place, n - 1));
  forgetTypings(placeInside(place, items - 1));
}

/** One that was removed may have had its id: what was typed there is not of this one. */
export function addedBlock(workflow: string, block: string): void {
  forgetTypings(placeOfBlock(workflow, block));
}
