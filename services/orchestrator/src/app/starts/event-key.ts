import type { CloudEvent } from '@duofactory/contracts';

/**
 * CloudEvents: source and id together name one event for ever. The first `#` ends the source, whatever the id has: two
 * events never have one key.
 */
export function eventKey({ source, id }: Pick<CloudEvent, 'source' | 'id'>): string {
  return `${source.replace(/[%#]/g, encodeURIComponent)}#${id}`;
}
