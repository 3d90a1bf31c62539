import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
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
}
