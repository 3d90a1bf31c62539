import { Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from '../problem.js';

/** What references mean something else by. */
const RESERVED = ['draft', 'latest'];

/** A label of a version, as people give it in an address: `production`. */
@Injectable()
export class LabelPipe implements PipeTransform<string, string> {
  transform(label: string): string {
    if (/^[a-z][a-z0-9-]{0,40}$/.test(label) && !RESERVED.includes(label)) return label;
    const message = `Must be a word such as production: small letters, digits and hyphens, at most 41, and neither ${RESERVED.join(' nor ')}`;
    throw new Problem({
      status: 422,
      code: 'invalid-label',
      title: 'The label cannot be used',
      detail: `"${label}": ${message}`,
      errors: [{ field: 'label', message }],
    });
  }
}
