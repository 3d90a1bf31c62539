import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

export class RowsQuery {
  @ApiPropertyOptional({ default: 0, description: '`next` of the page before' })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  cursor: number = 0;

  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 1000 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 50;
}
