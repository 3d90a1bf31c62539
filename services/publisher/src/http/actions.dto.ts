import { Problem } from '@duofactory/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { MOST_EPISODES } from '../app/act-on-episodes.js';
import type { EpisodeFilter } from '../app/read-catalog.js';
import { ENVIRONMENTS, EpisodeFilterFields, MOST_SLOT } from './catalog.dto.js';

/** Which episodes: given ones, or all that match. */
export class EpisodesBody {
  @ApiPropertyOptional({ enum: ENVIRONMENTS, default: 'dev', description: 'Where they are' })
  @IsIn(ENVIRONMENTS)
  environment: string = 'dev';

  @ApiPropertyOptional({ format: 'uuid', isArray: true, type: String, description: 'Either these …' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_EPISODES)
  @ArrayUnique()
  @IsUUID('all', { each: true })
  episodes?: string[];

  @ApiPropertyOptional({
    type: EpisodeFilterFields,
    description: '… or all that match, as in GET /api/episodes',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EpisodeFilterFields)
  where?: EpisodeFilterFields;
}

const ACTIONS = ['publish', 'promote', 'unpublish', 'rollback'] as const;

export class EpisodeActionsBody extends EpisodesBody {
  @ApiProperty({
    enum: ACTIONS,
    description:
      'publish: readers get the newest version of an episode that they have not; promote: another environment gets what they have',
  })
  @IsIn(ACTIONS)
  action!: (typeof ACTIONS)[number];

  @ApiPropertyOptional({ enum: ENVIRONMENTS, description: 'Of promote: where to; default: prod' })
  @IsOptional()
  @IsIn(ENVIRONMENTS)
  to?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'Of rollback: to which version; default: the one before',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_SLOT)
  version?: number;

  @ApiPropertyOptional({
    description: 'Of publish, promote and rollback: unpublish the episode that has the slot',
  })
  @IsOptional()
  @IsBoolean()
  replace?: boolean;
}

export class EpisodeChangeBody {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Either another slot …' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_SLOT)
  slot?: number;

  @ApiPropertyOptional({
    description: 'If another episode has the slot: it gets the slot of this one',
  })
  @IsOptional()
  @IsBoolean()
  swap?: boolean;

  @ApiPropertyOptional({ minLength: 1, maxLength: 200, description: '… or another name' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  title?: string;
}

/** Throws Problem, unless it is the one or the other. */
export function filterOf(
  environment: string,
  { episodes, where }: Pick<EpisodesBody, 'episodes' | 'where'>,
): EpisodeFilter {
  if ((episodes === undefined) === (where === undefined))
    throw invalid('episodes', 'Say which episodes: their ids in "episodes", or filters in "where"');
  return { environment, ...(episodes ? { ids: episodes } : where) };
}

export function invalid(field: string, message: string): Problem {
  return new Problem({
    status: 422,
    code: 'invalid-action',
    title: 'The action is refused',
    detail: message,
    errors: [{ field, message }],
  });
}

const Value = (description: string, example: string): PropertyDecorator => {
  const decorators = [
    ApiPropertyOptional({ description, example, minLength: 1, maxLength: 500 }),
    IsOptional(),
    IsString(),
    MinLength(1),
    MaxLength(500),
  ];
  return (target, name) => decorators.forEach((decorate) => decorate(target, name));
};

/** One of its members. */
export class RecallInputBody {
  @Value('A version of a prompt', 'duoradio-script@3')
  prompt?: string;

  @Value('A version of an evaluator', 'naturalness@2')
  evaluator?: string;

  @Value('A source row: block=id', 'wrapper=Slow News')
  row?: string;

  @Value('provider/model', 'openai/gpt-5-mini')
  model?: string;

  @Value('provider/voice', 'espeak/es+f3')
  voice?: string;

  @Value('A run', '0d6c1c3e-2d0f-4a57-9d5e-3f1f6a7b8c9d')
  run?: string;
}

export class RecallBody {
  @ApiProperty({ type: RecallInputBody, description: 'What went into the episodes: one of these' })
  @IsObject()
  @ValidateNested()
  @Type(() => RecallInputBody)
  input!: RecallInputBody;

  @ApiPropertyOptional({ enum: ENVIRONMENTS, isArray: true, default: ENVIRONMENTS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(ENVIRONMENTS, { each: true })
  environments: string[] = ENVIRONMENTS;

  @ApiPropertyOptional({
    enum: ['unpublish', 'rollback'],
    default: 'unpublish',
    description: 'rollback: to the newest earlier version that it did not go into, where there is one',
  })
  @IsIn(['unpublish', 'rollback'])
  remedy: 'unpublish' | 'rollback' = 'unpublish';

  @ApiPropertyOptional({ default: '', maxLength: 1000, description: 'For those who read it later' })
  @IsString()
  @MaxLength(1000)
  reason: string = '';

  @ApiPropertyOptional({ description: 'Only say what would be recalled' })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;

  @ApiPropertyOptional({ description: 'Of the answer to the dry run' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  seal?: string;
}
