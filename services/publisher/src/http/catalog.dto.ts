import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Max, Min } from 'class-validator';

export class EnvironmentQuery {
  @ApiPropertyOptional({ enum: ['dev', 'prod'], default: 'dev' })
  @IsIn(['dev', 'prod'])
  environment: string = 'dev';
}

export class NodesQuery extends EnvironmentQuery {
  @ApiPropertyOptional()
  @IsString()
  @MaxLength(128)
  course!: string;
}

export class EpisodesQuery extends EnvironmentQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  course?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  node?: string;

  @ApiPropertyOptional({ description: 'The show' })
  @IsOptional()
  @IsString()
  wrapper?: string;

  @ApiPropertyOptional({ enum: ['publishing', 'published'] })
  @IsOptional()
  @IsIn(['publishing', 'published'])
  status?: string;

  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  cursor?: string;

  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 200 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}
