import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsTime, PageQuery } from '@duofactory/platform';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { RUN_COMMANDS, type RunCommand } from '../app/commands/command-runs.js';

const STATUSES = ['queued', 'running', 'paused', 'stopping', 'completed', 'partial', 'failed', 'cancelled'];
const LISTED_STATUSES = ['active', ...STATUSES];
export const TASK_STATUSES = [
  'evaluating',
  'ready',
  'requested',
  'backoff',
  'done',
  'failed',
  'dropped',
  'kept',
];

const MOST_AT_ONCE = 100;
const TESTS = ['without', 'with', 'only'] as const;

/** A query names one value, or several of the same name. */
const listed = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? [value] : value);

/** As ids are stored. */
const inSmallLetters = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((id: unknown) => (typeof id === 'string' ? id.toLowerCase() : id)) : value;

/** PostgreSQL has no place for it. */
const WITHOUT_NUL = /^[^\0]*$/;

export class StartRunBody {
  @ApiProperty({
    example: 'duoradio',
    description: 'A workflow, one of its versions or its draft: duoradio@3, duoradio@draft',
  })
  @Matches(/^[a-z0-9][a-z0-9-]*(@([1-9]\d{0,8}|draft))?$/, {
    message: 'workflow must be an id such as duoradio, duoradio@3 or duoradio@draft',
  })
  workflow!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, example: { course: 'en-es' } })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;
}

export class MatchRunsQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  workflow?: string;

  @ApiPropertyOptional({
    ...{ enum: LISTED_STATUSES, isArray: true },
    description: 'One of these; active: whatever has not ended',
  })
  @IsOptional()
  @Transform(listed)
  @IsIn(LISTED_STATUSES, { each: true })
  status?: string[];

  @ApiPropertyOptional({ format: 'date-time', description: 'Only runs that ended then or later' })
  @IsOptional()
  @IsTime()
  endedSince?: Date;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'true: only runs that wait for nothing but decisions of people; false: all others',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean({ message: 'awaitsReview must be true or false' })
  awaitsReview?: boolean;

  @ApiPropertyOptional({
    enum: TESTS,
    default: 'without',
    description:
      'Runs that only try something out: a block by itself, or a draft. `without`: all others; `only`: none but these',
  })
  @IsIn(TESTS)
  tests: (typeof TESTS)[number] = 'without';
}

/** What the query means to the store. */
export function filtersOf<T extends MatchRunsQuery>({
  tests,
  ...query
}: T): Omit<T, 'tests'> & { areTests?: boolean } {
  return { ...query, ...(tests === 'with' ? {} : { areTests: tests === 'only' }) };
}

export class RunCommandsBody {
  @ApiProperty({ enum: RUN_COMMANDS })
  @IsIn(RUN_COMMANDS)
  command!: RunCommand;

  @ApiProperty({ type: String, isArray: true, format: 'uuid', minItems: 1, maxItems: MOST_AT_ONCE })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_AT_ONCE)
  @IsUUID(undefined, { each: true })
  @Transform(({ value }: { value: unknown }) => inSmallLetters(value))
  runs!: string[];
}

export class ListRunsQuery extends IntersectionType(PageQuery, MatchRunsQuery) {}

export class ListResultsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Default: the last block' })
  @IsOptional()
  @IsString()
  block?: string;

  @ApiPropertyOptional({ description: 'Only the payload of this key, or those below it', example: 'brief=1' })
  @IsOptional()
  @IsString()
  @Matches(WITHOUT_NUL, { message: 'key must have no NUL character' })
  key?: string;
}

export class ResultQuery {
  @ApiProperty({ example: 'script' })
  @IsString()
  @Matches(WITHOUT_NUL, { message: 'block must have no NUL character' })
  block!: string;

  @ApiProperty({
    description: 'Of the payload; empty for a block that runs once',
    example: 'brief=1/script=2',
  })
  @IsString()
  @Matches(WITHOUT_NUL, { message: 'key must have no NUL character' })
  key!: string;
}

export class ListTasksQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Default: of every block' })
  @IsOptional()
  @IsString()
  block?: string;

  @ApiPropertyOptional({ enum: TASK_STATUSES, isArray: true, description: 'One of these' })
  @IsOptional()
  @Transform(listed)
  @IsIn(TASK_STATUSES, { each: true })
  status?: string[];

  @ApiPropertyOptional({
    description: 'Words that the key of the task has, in any order',
    example: 'unit 3 script 2',
    maxLength: 200,
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(WITHOUT_NUL, { message: 'find must have no NUL character' })
  find?: string;
}

const RESULTS_OF_PAGE = ['each', 'shared'] as const;

export class PayloadsQuery {
  @ApiPropertyOptional({ default: 0 })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  from: number = 0;

  @ApiPropertyOptional({ default: 500, maximum: 1000 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 500;

  @ApiPropertyOptional({
    enum: RESULTS_OF_PAGE,
    default: 'each',
    description:
      '`each`: every payload with all that it sees. `shared`: what several of a page see stands once in `shared`, and each of them says at `sharedResults` which blocks have their result there, and where',
  })
  @IsIn(RESULTS_OF_PAGE)
  results: (typeof RESULTS_OF_PAGE)[number] = 'each';
}
