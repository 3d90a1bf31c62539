import { closest } from '@duofactory/contracts';
import { deadLetterTopic, type Bus } from '@duofactory/messaging';
import { InvalidConfiguration } from '@duofactory/platform';

/**
 * Topics of triggers belong to other teams: to make one here would hide a mistyped name, and no event would ever come.
 * Throws InvalidConfiguration that names those which are not there.
 */
export async function refuseUnknownTopics(bus: Bus, topics: readonly string[]): Promise<void> {
  const known = await bus.listTopics();
  if (known === undefined) return;
  const letters = new Set(known.map(deadLetterTopic));
  const meant = known.filter((name) => !name.startsWith('__') && !letters.has(name));
  const faults = topics
    .filter((name) => !known.includes(name))
    .map((name) => {
      const close = closest(name, meant);
      const question = close === undefined ? '' : `: do you mean ${close}?`;
      return `DUOFACTORY_TRIGGER_TOPICS names "${name}", and Kafka has no such topic${question || '.'} Make it first, or leave it out`;
    });
  if (faults.length > 0) throw new InvalidConfiguration(faults);
}
