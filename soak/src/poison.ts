import {
  CONTRACTS,
  blockRequestedTopic,
  blockRequestedV1,
  contentPublishedV1,
  effectsReusedV1,
  runStartedV1,
} from '@duofactory/contracts';
import type { RawKafka, RawMessage } from '@duofactory/testing/kafka';
import type { Random } from './random.js';

const BLOCK_TYPES = [
  ...['soak-rows', 'soak-effect', 'soak-score', 'soak-best', 'soak-list'],
  ...['workflow', 'review'],
];
/** Topics that somebody in the soak consumes. */
export const CONSUMED = [
  ...new Set(
    CONTRACTS.map(({ topic }) => topic).filter(
      (topic) => ![blockRequestedV1.topic, contentPublishedV1.topic, effectsReusedV1.topic].includes(topic),
    ),
  ),
  ...BLOCK_TYPES.map(blockRequestedTopic),
];
const typeOf = (topic: string): string =>
  topic.startsWith(`${blockRequestedV1.topic}.`)
    ? blockRequestedV1.type
    : CONTRACTS.find((one) => one.topic === topic && one.type !== runStartedV1.type)!.type;

const MARK = 'poison';

/** Messages that nobody can handle. */
export class Poison {
  readonly sent: { topic: string; mark: string }[] = [];

  constructor(private readonly kafka: RawKafka) {}

  async send(random: Random): Promise<string> {
    const topic = random.of(CONSUMED);
    const mark = `${MARK}-${this.sent.length + 1}`;
    const partition = random.between(0, (await this.kafka.partitionsOf(topic)) - 1);
    const envelope = {
      ce_specversion: '1.0',
      ce_id: mark,
      ce_source: `/${MARK}`,
      ce_type: typeOf(topic),
      ce_time: new Date().toISOString(),
    };
    const [kind, message] = random.of<[string, Omit<RawMessage, 'topic'>]>([
      ['bytes', { value: Buffer.concat([Buffer.from([0xff, 0xfe, 0]), Buffer.from(mark)]) }],
      ['a broken event', { value: `{"${mark}": `, headers: envelope }],
      ['wrong data', { value: JSON.stringify({ wrong: mark }), headers: envelope }],
      [
        'an unknown type',
        { value: JSON.stringify({ mark }), headers: { ...envelope, ce_type: 'nothing.v9' } },
      ],
    ]);
    await this.kafka.send([{ topic, partition, key: mark, ...message }]);
    this.sent.push({ topic, mark });
    return `${kind} on ${topic}`;
  }
}

/** The mark of a message that was poison, wherever it ended. */
export const poisonOf = ({ key }: { key: Buffer | string | null }): string | undefined =>
  /^poison-\d+$/.exec(String(key ?? ''))?.[0];
