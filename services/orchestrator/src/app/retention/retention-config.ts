import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class RetentionConfig {
  /** Days that a run is kept after its end, and a batch: DUOFACTORY_RUN_DAYS. Unset: for ever. */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of days' })
  @Min(1)
  @Max(36_500)
  runDays?: number;

  /** Days that a dead letter is kept after it was redriven: DUOFACTORY_DEAD_LETTER_DAYS. Unset: for ever. */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of days' })
  @Min(1)
  @Max(36_500)
  deadLetterDays?: number;
}
