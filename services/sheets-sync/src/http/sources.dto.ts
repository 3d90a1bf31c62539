import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';

export class RowsQuery {
  @ApiPropertyOptional({
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: 2 ** 31 - 1,
    description: '`next` of the page before',
  })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(2 ** 31 - 1)
  cursor: number = 0;

  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 1000 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 50;
}

export class ExportFileParams {
  @ApiProperty({ description: 'SHA-256 of the file' })
  @Matches(/^[0-9a-f]{64}$/, { message: 'hash must be the SHA-256 of a file, in hexadecimal' })
  hash!: string;

  @ApiProperty({ example: 'duoradio-report.csv' })
  @IsString()
  @MaxLength(200)
  name!: string;
}

export class ChangesQuery {
  @ApiPropertyOptional({
    description: 'The column that names a row; default: rows are known by their places',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  key?: string;
}

export class SheetWatchBody {
  @ApiProperty({ description: 'The column that names a row, wherever people move it', example: 'id' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  key!: string;

  @ApiProperty({ description: 'Which each changed row is an input of: id, or id@7', example: 'duoradio' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,127}(@[1-9]\d{0,8})?$/, {
    message: 'workflow must be the id of a workflow, or id@version',
  })
  workflow!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'From the row: {{row.<column>}}, {{row}}, {{change}} (added, changed), {{table}}, {{version}}',
    example: { course: '{{row.course}}', node: '{{row.node}}' },
  })
  @IsObject()
  inputs!: Record<string, unknown>;

  @ApiPropertyOptional({ type: 'integer', default: 15, minimum: 1, maximum: 10_080 })
  @IsInt()
  @Min(1)
  @Max(10_080)
  everyMinutes: number = 15;

  @ApiPropertyOptional({
    type: 'integer',
    default: 500,
    minimum: 1,
    maximum: 5_000,
    description: 'If more rows changed at once, nothing is started',
  })
  @IsInt()
  @Min(1)
  @Max(5_000)
  mostRuns: number = 500;

  @ApiPropertyOptional({ default: false, description: 'Keep it, and start nothing' })
  @IsBoolean()
  paused: boolean = false;
}

export class CourseHeadBody {
  @ApiProperty({ example: 'Spanish for speakers of English' })
  @IsString()
  @MinLength(1, { message: '$property must be given' })
  @MaxLength(200)
  title!: string;

  @ApiProperty({ description: 'The language that is learned', example: 'es' })
  @IsString()
  @MinLength(1, { message: '$property must be given' })
  @MaxLength(35)
  language!: string;

  @ApiProperty({ description: 'The language of the learner', example: 'en' })
  @IsString()
  @MinLength(1, { message: '$property must be given' })
  @MaxLength(35)
  from!: string;
}

/** Of a file of rows. What is left out stays as the course's latest version has it. */
export class CourseHeadQuery extends PartialType(CourseHeadBody) {}

export class SheetRangeBody {
  @ApiProperty({ description: 'The long part of its address', example: '1AbCdEfGh' })
  @Matches(/^[A-Za-z0-9_-]{1,200}$/, {
    message: 'spreadsheet must be the long part of its address, between /d/ and /edit',
  })
  spreadsheet!: string;

  @ApiProperty({ example: 'Wrappers' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  tab!: string;

  @ApiPropertyOptional({ example: 'B:F', description: 'Which columns of the tab; default: all' })
  @IsOptional()
  @Matches(/^[A-Z]{1,3}:[A-Z]{1,3}$/, { message: 'columns must be a first and a last column, such as B:F' })
  columns?: string;

  @ApiPropertyOptional({ type: 'integer', default: 1, description: 'The row that names the columns' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  headerRow: number = 1;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', enum: ['text', 'number', 'boolean'] },
    description: 'What a column must be; the others are taken as they are',
  })
  @IsOptional()
  @IsObject()
  types?: Record<string, 'text' | 'number' | 'boolean'>;

  @ApiPropertyOptional({
    description:
      'It is course data, with the columns unit, name, level, kind (word, sentence, slot), text and translation. Absent: a table',
    type: CourseHeadBody,
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => CourseHeadBody)
  course?: CourseHeadBody;
}
