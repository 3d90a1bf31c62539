import { ApiPropertyOptional } from '@nestjs/swagger';
import { PageQuery } from '@duofactory/platform';
import { Type } from 'class-transformer';
import { IsIn, IsNumber, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

export class PastInputsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only of runs of this workflow' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(/^[^\0]*$/, { message: 'workflow must have no NUL character' })
  workflow?: string;

  @ApiPropertyOptional({
    description: 'Only where the key or the inputs of the run have this text: a course',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(/^[^\0]*$/, { message: 'find must have no NUL character' })
  find?: string;

  @ApiPropertyOptional({
    enum: ['newest', 'worst'],
    default: 'newest',
    description: 'worst: of the newest runs, by the score of the block below that judges; one page',
  })
  @IsOptional()
  @IsIn(['newest', 'worst'])
  order?: 'newest' | 'worst';

  @ApiPropertyOptional({
    minimum: 0,
    maximum: 1,
    description: 'With worst: only those of at most this score',
  })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1)
  maxScore?: number;
}
