import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsTime, PageQuery } from '@duofactory/platform';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { GROUPINGS } from '../app/read-catalog.js';

export const ENVIRONMENTS = ['dev', 'prod'];
const STATUSES = ['publishing', 'published', 'unpublished', 'recalled'];
const PIPELINE = ['running', 'completed', 'partial', 'failed', 'cancelled'];
const BY = Object.keys(GROUPINGS);
export const MOST_SLOT = 2 ** 31 - 1;

export class EnvironmentQuery {
  @ApiPropertyOptional({ enum: ENVIRONMENTS, default: 'dev' })
  @IsIn(ENVIRONMENTS)
  environment: string = 'dev';
}

export class VersionQuery extends EnvironmentQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Default: the one that readers get' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_SLOT)
  version?: number;
}

export class NodesQuery extends EnvironmentQuery {
  @ApiPropertyOptional()
  @IsString()
  @MaxLength(128)
  course!: string;
}

/** Which episodes: in a query as in the body of an action. */
export class EpisodeFilterFields {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(128)
  course?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(128)
  node?: string;

  @ApiPropertyOptional({ example: 'A1' })
  @IsOptional()
  @IsString()
  @MaxLength(128)
  level?: string;

  @ApiPropertyOptional({ description: 'The show' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  wrapper?: string;

  @ApiPropertyOptional({ enum: STATUSES })
  @IsOptional()
  @IsIn(STATUSES)
  status?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MOST_SLOT)
  slot?: number;

  @ApiPropertyOptional({ description: 'Part of the title, in whichever case' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({ minimum: 0, maximum: 1 })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1)
  minViability?: number;

  @ApiPropertyOptional({ minimum: 0, maximum: 1 })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1)
  maxViability?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_SLOT)
  schemaVersion?: number;

  @ApiPropertyOptional({ enum: PIPELINE, description: 'Of the run that made it' })
  @IsOptional()
  @IsIn(PIPELINE)
  pipelineStatus?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('all')
  run?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsTime()
  changedSince?: Date;
}

export class EpisodesFilterQuery extends EpisodeFilterFields {
  @ApiPropertyOptional({ enum: ENVIRONMENTS, default: 'dev' })
  @IsIn(ENVIRONMENTS)
  environment: string = 'dev';
}

export class EpisodesQuery extends EpisodesFilterQuery {
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

  @ApiPropertyOptional({
    enum: ['changed', 'place'],
    default: 'changed',
    description: 'changed: last changed first; place: as they lie in their course, by node and slot',
  })
  @IsIn(['changed', 'place'])
  order: 'changed' | 'place' = 'changed';
}

export class GroupsQuery extends EpisodesFilterQuery {
  @ApiProperty({ enum: BY })
  @IsIn(BY)
  by!: keyof typeof GROUPINGS;
}

export class RecallsQuery extends PageQuery {}
