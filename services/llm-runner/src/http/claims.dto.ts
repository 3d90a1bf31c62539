import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Usage } from '@duofactory/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  Validate,
  ValidateNested,
  ValidatorConstraint,
} from 'class-validator';
import { Compile } from 'typebox/compile';

const MOST_AT_ONCE = 200;
const usage = Compile(Usage);

@ValidatorConstraint()
class IsUsage {
  validate(value: unknown): boolean {
    return usage.Check(value);
  }

  defaultMessage(): string {
    return `usage must have kind, provider, model, units, cost and saved, as in block-completed.v1, and a cost in USD with an amount from 0 to 1,000,000: where it is unknown, cost is null`;
  }
}

class ClaimName {
  @ApiProperty({
    description: 'Hash of lineage, block, key, sample, step and request',
    example: 'ab'.repeat(32),
  })
  @Matches(/^[0-9a-f]{64}$/, { message: 'id must be 64 hexadecimal digits' })
  id!: string;

  @ApiProperty({ format: 'uuid', description: 'Of this one call: what the vendor is told' })
  @IsUUID()
  owner!: string;
}

class ClaimBody extends ClaimName {
  @ApiProperty({ description: 'The first run of a chain of reruns, or what else stands for once' })
  @IsString()
  @MaxLength(200)
  lineage!: string;

  @ApiProperty()
  @IsString()
  @MaxLength(200)
  block!: string;

  @ApiProperty()
  @IsString()
  @MaxLength(2_000)
  key!: string;

  @ApiProperty({ minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(2 ** 31 - 1)
  sample!: number;

  @ApiProperty()
  @IsString()
  @MaxLength(200)
  step!: string;

  @ApiProperty()
  @Matches(/^[0-9a-f]{64}$/, { message: 'requestHash must be 64 hexadecimal digits' })
  requestHash!: string;

  @ApiProperty({ example: 'speech' })
  @Matches(/^[a-z][a-z0-9-]{0,49}$/, { message: 'kind must be a word such as speech' })
  kind!: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  run?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  task?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  workflow?: string;

  @ApiPropertyOptional({ description: 'What is paid for: of speech the voice' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  subject?: string;

  @ApiPropertyOptional({ description: 'The block to list it under, if another than block' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  payer?: string;

  @ApiPropertyOptional({
    type: [String],
    description:
      'Effects whose answers are of no use, so that this one is caused: who read them saved nothing',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_AT_ONCE)
  @Matches(/^[0-9a-f]{64}$/, { each: true, message: 'insteadOf must be ids of 64 hexadecimal digits' })
  insteadOf?: string[];
}

export class ClaimsBody {
  @ApiProperty({ type: [ClaimBody] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_AT_ONCE)
  @ValidateNested({ each: true })
  @Type(() => ClaimBody)
  claims!: ClaimBody[];
}

class LateFor {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  run!: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  task!: string;

  @ApiProperty({ minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(2 ** 31 - 1)
  attempt!: number;
}

class AnswerOfClaim extends ClaimName {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Any JSON: whoever claims it later gets it',
  })
  @IsDefined()
  value: unknown;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'As in block-completed.v1',
  })
  @IsOptional()
  @Validate(IsUsage)
  usage?: Usage;

  @ApiPropertyOptional({ description: "The vendor's name for the call" })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  requestId?: string;

  @ApiPropertyOptional({
    type: LateFor,
    description: 'The attempt that it comes too late for: its run is told what it cost, by attempt-paid.v1',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => LateFor)
  late?: LateFor;
}

export class AnswersBody {
  @ApiProperty({ type: [AnswerOfClaim] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_AT_ONCE)
  @ValidateNested({ each: true })
  @Type(() => AnswerOfClaim)
  answers!: AnswerOfClaim[];
}

export class SecondAnswerBody {
  @ApiProperty({ type: AnswerOfClaim })
  @IsDefined()
  @ValidateNested()
  @Type(() => AnswerOfClaim)
  answer!: AnswerOfClaim;
}

export class EndingBody extends ClaimName {
  @ApiProperty({ description: 'false: whether it happened, and was paid for, nobody knows' })
  @IsBoolean()
  seen!: boolean;
}

export class RenewalsBody {
  @ApiProperty({ type: [ClaimName] })
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => ClaimName)
  held!: ClaimName[];
}
