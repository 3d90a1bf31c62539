import { IsIn } from 'class-validator';

export class LlmRunnerConfig {
  /** Which models answer. */
  @IsIn(['offline'], { message: 'must be offline' })
  model: string = 'offline';
}
