import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsPositive,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { BudgetPer } from '../app/budgets.js';
import { RunAboveBody } from './prompt-runs.dto.js';

const PERS = ['run', 'workflow', 'day'];

export class BudgetBody {
  @ApiProperty({ enum: PERS, description: 'What it is counted for: each run, each workflow, each day (UTC)' })
  @IsIn(PERS)
  per!: BudgetPer;

  @ApiPropertyOptional({ description: 'Only for runs of this workflow' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  workflow?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only for this run' })
  @IsOptional()
  @IsUUID()
  run?: string;

  @ApiPropertyOptional({ description: 'In US dollars' })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1_000_000_000)
  amount?: number;

  @ApiPropertyOptional({ description: 'Input and output together' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  tokens?: number;
}

export class LeaseBody {
  @ApiProperty({ format: 'uuid', description: 'As the ledger calls it: `owner` of its claim' })
  @IsUUID()
  call!: string;

  @ApiProperty({ example: 'polly neural', description: 'What is paid for' })
  @IsString()
  @MaxLength(200)
  name!: string;

  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'What it may cost, in US dollars; null: unknown',
  })
  @ValidateIf(({ amount }: LeaseBody) => amount !== null)
  @IsNumber()
  @Min(0)
  @Max(1_000_000)
  amount!: number | null;

  @ApiPropertyOptional({ type: [String], description: 'Earlier calls of it whose end nobody saw' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsUUID(undefined, { each: true })
  interrupted?: string[];

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  run?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  workflow?: string;

  @ApiPropertyOptional({ type: [RunAboveBody], description: 'Runs that the run works for, nearest first' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(8)
  @ValidateNested({ each: true })
  @Type(() => RunAboveBody)
  above?: RunAboveBody[];
}

export class SettlementBody {
  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'What it cost, in US dollars; null: nothing is known',
  })
  @ValidateIf(({ amount }: SettlementBody) => amount !== null)
  @IsNumber()
  @Min(0)
  @Max(1_000_000)
  amount!: number | null;
}

export class RateLimitBody {
  @ApiPropertyOptional({ description: 'Requests a minute' })
  @IsOptional()
  @IsInt()
  @IsPositive()
  @Max(2 ** 31 - 1)
  requests?: number;

  @ApiPropertyOptional({ description: 'Tokens a minute, input and output together' })
  @IsOptional()
  @IsInt()
  @IsPositive()
  @Max(2 ** 31 - 1)
  tokens?: number;
}

class BlockToEstimateBody {
  @ApiProperty()
  @IsString()
  @MaxLength(200)
  block!: string;

  @ApiPropertyOptional({ example: 'duoradio-script@production' })
  @IsOptional()
  // As everywhere in a request: null says nothing.
  @Transform(({ value }: { value: unknown }) => value ?? undefined)
  @Matches(/^[a-z0-9][a-z0-9-]*(@[a-z0-9-]+)?$/, { message: 'prompt must be id, id@7 or id@label' })
  prompt?: string;

  @ApiPropertyOptional({ default: 1, minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(100_000)
  times: number = 1;

  @ApiPropertyOptional({
    default: true,
    description: 'false: it asks no model, such as by rules alone, and costs nothing',
  })
  @IsBoolean()
  asksModel: boolean = true;
}

export class EstimateBody {
  @ApiProperty()
  @IsString()
  @MaxLength(200)
  workflow!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Inputs of the run' })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;

  @ApiProperty({ type: [BlockToEstimateBody] })
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => BlockToEstimateBody)
  blocks!: BlockToEstimateBody[];
}
