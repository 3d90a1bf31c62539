import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsTime, PageQuery } from '@duofactory/platform';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength, ValidateIf } from 'class-validator';
import { GROUPINGS, type Grouping, type LedgerFilter } from '../app/read-ledger.js';

const KINDS = ['model', 'speech'];

class LedgerFilterQuery extends PageQuery implements LedgerFilter {
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  run?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  workflow?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  block?: string;

  @ApiPropertyOptional({ example: 'duoradio-script@3' })
  @IsOptional()
  @IsString()
  prompt?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  model?: string;

  @ApiPropertyOptional({ enum: KINDS })
  @IsOptional()
  @IsIn(KINDS)
  kind?: string;

  @ApiPropertyOptional({ description: 'Of speech', example: 'Joanna' })
  @IsOptional()
  @IsString()
  voice?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsTime()
  since?: Date;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsTime()
  until?: Date;
}

export class LedgerQuery extends LedgerFilterQuery {
  @ApiPropertyOptional({ enum: GROUPINGS, default: 'run' })
  @IsIn(GROUPINGS)
  by: Grouping = 'run';
}

const STATES = ['pending', 'done', 'ambiguous', 'released', 'interrupted'];

export class LedgerCallsQuery extends LedgerFilterQuery {
  @ApiPropertyOptional({
    enum: STATES,
    description:
      'ambiguous: its end was not seen, and it waits for another try or a decision; interrupted: once it was, whatever came of it',
  })
  @IsOptional()
  @IsIn(STATES)
  state?: string;
}

export class ResolutionBody {
  @ApiProperty({
    enum: ['retry', 'answer'],
    description: 'retry: make the call again, and pay for it again if it was paid',
  })
  @IsIn(['retry', 'answer'])
  decision!: 'retry' | 'answer';

  @ApiPropertyOptional({ description: 'With answer: what the model said, from the log of the vendor' })
  @ValidateIf(({ decision }: ResolutionBody) => decision === 'answer')
  @IsString({ message: 'text must be given: what the model said' })
  @MaxLength(2_000_000)
  text?: string;
}
