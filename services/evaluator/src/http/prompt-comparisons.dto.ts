import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Type } from 'class-transformer';

const REFERENCE = /^[a-z0-9][a-z0-9-]*(@[a-z0-9-]+)?$/;
const WHICH = /^[a-z0-9-]{1,50}$/;

export class PromptComparisonBody {
  @ApiProperty({ example: 'duoradio-title' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,99}$/, { message: 'prompt must be an id' })
  prompt!: string;

  @ApiPropertyOptional({
    example: '3',
    description: 'A version, a label or draft; default: the latest version',
  })
  @IsOptional()
  @Matches(WHICH, { message: 'from must be a version, a label or draft' })
  from?: string;

  @ApiPropertyOptional({ example: 'draft', description: 'A version, a label or draft; default: draft' })
  @IsOptional()
  @Matches(WHICH, { message: 'to must be a version, a label or draft' })
  to?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 100, description: 'How many past inputs; default 20' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @ApiPropertyOptional({ description: 'Only inputs whose key, or whose run, has this text: a course' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(/^[^\0]*$/, { message: 'find must have no NUL character' })
  find?: string;

  @ApiPropertyOptional({
    enum: ['newest', 'worst'],
    description: 'Of which inputs: the newest, or those whose answers were judged worst; default newest',
  })
  @IsOptional()
  @IsIn(['newest', 'worst'])
  order?: 'newest' | 'worst';

  @ApiPropertyOptional({
    type: [String],
    description:
      'Who judges; default: the evaluators of the block below, in the workflow that the input is of',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(8)
  @Matches(REFERENCE, { each: true, message: 'evaluators must be id, id@7 or id@label' })
  evaluators?: string[];

  @ApiPropertyOptional({
    ...{ minimum: 1, maximum: 10 },
    description: 'How often each answer is judged, which tells the spread of the evaluator itself; default 2',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10)
  judgements?: number;
}

export class PastComparisonsQuery {
  @ApiProperty({ example: 'duoradio-title' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,99}$/, { message: 'prompt must be an id' })
  prompt!: string;

  @ApiPropertyOptional({ minimum: 1, description: 'Only with this version' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2 ** 31 - 1)
  since?: number;

  @ApiPropertyOptional({ description: 'Only of this content' })
  @IsOptional()
  @Matches(/^[0-9a-f]{1,128}$/, { message: 'hash must be that of a definition' })
  hash?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 100, description: 'How many; default 20' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;
}
