import { ApiPropertyOptional } from '@nestjs/swagger';
import { PageQuery } from '@duofactory/platform';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

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
}
