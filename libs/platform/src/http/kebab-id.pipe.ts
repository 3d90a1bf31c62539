import { Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from '../problem.js';

/** An id in kebab-case, as people give it in an address. */
@Injectable()
export class KebabIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (/^[a-z0-9][a-z0-9-]{0,99}$/.test(id)) return id;
    const message = 'Must be kebab-case: small letters, digits and hyphens, at most 100';
    throw new Problem({
      status: 422,
      code: 'invalid-id',
      title: 'The id cannot be used',
      detail: `"${id}": ${message}`,
      errors: [{ field: 'id', message }],
    });
  }
}
