import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PageQuery } from '@duofactory/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  Min,
} from 'class-validator';

const REFERENCE = /^[a-z0-9][a-z0-9-]*(@[a-z0-9-]+)?$/;

export class TestCasesBody {
  @ApiProperty({ example: 'duoradio@2', description: 'id (the latest), id@7 or id@label' })
  @Matches(REFERENCE, { message: 'goldenSet must be id, id@7 or id@label' })
  goldenSet!: string;

  @ApiPropertyOptional({
    type: [String],
    example: ['naturalness@production', 'naturalness@4'],
    description: 'Evaluators, or versions of one; default: those that the set names',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(8)
  @Matches(REFERENCE, { each: true, message: 'evaluators must be id, id@7 or id@label' })
  evaluators?: string[];

  @ApiPropertyOptional({
    ...{ default: 1, minimum: 1, maximum: 25 },
    description: 'How many times each question is asked: shows judges that change their mind',
  })
  @IsInt()
  @Min(1)
  @Max(25)
  repeats: number = 1;
}

export class TestsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only by this golden set, any version' })
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]*$/, { message: 'goldenSet must be an id' })
  goldenSet?: string;
}

export class AgreementQuery {
  @ApiProperty({ example: 'naturalness@3', description: 'A version that the test asked' })
  @Matches(/^[a-z0-9][a-z0-9-]*@\d+$/, { message: 'evaluator must be a version such as naturalness@3' })
  evaluator!: string;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'The threshold' })
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1)
  passAt!: number;
}
