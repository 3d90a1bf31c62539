import { ArrayNotEmpty, IsArray, Matches } from 'class-validator';

export class TriggerConfig {
  /** Topics whose events may start runs, separated by commas: DUOFACTORY_TRIGGER_TOPICS. On Kafka they must exist. */
  @IsArray()
  @ArrayNotEmpty()
  @Matches(/^[A-Za-z0-9._-]{1,249}$/, { each: true, message: 'must be names of topics, separated by commas' })
  triggerTopics: string[] = ['duofactory.content', 'duofactory.runs'];
}
