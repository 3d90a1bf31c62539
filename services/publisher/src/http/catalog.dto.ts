import { ApiPropertyOptional } from '@nestjs/swagger';
import { PageQuery } from '@duofactory/platform';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

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

export class EpisodesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['dev', 'prod'], default: 'dev' })
  @IsIn(['dev', 'prod'])
  environment: string = 'dev';

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
}
