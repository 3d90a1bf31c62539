import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { Problem } from '../problem.js';

/** The id of a run, a task or whatever else the product names itself, as it stands in an address: in small letters, as it is stored. */
@Injectable()
export class UuidPipe implements PipeTransform<string, string> {
  transform(id: string, { data: field = 'id' }: ArgumentMetadata): string {
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase();
    const message = 'Must be a UUID, as the product gave it';
    throw new Problem({
      status: 400,
      code: 'invalid-id',
      title: 'The id cannot be used',
      detail: `${field} "${id}": ${message}`,
      errors: [{ field, message }],
    });
  }
}
