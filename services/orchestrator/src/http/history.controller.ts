import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, IsTime, PageQuery, UuidPipe } from '@duofactory/platform';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUUID, Matches, Max, Min } from 'class-validator';
import { ReadHistory, type Happened } from '../app/history/read-history.js';
import { ReadLineage, type Lineage } from '../app/history/read-lineage.js';
import { CompareRuns, type RunComparison } from '../app/history/compare-runs.js';
import { ShowTimeline, type Timeline } from '../app/history/show-timeline.js';
import { PayloadLineage, RunComparison as RunComparisonAnswer, RunHistory, RunTimeline } from './answers.js';

export class HistoryQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only of this block' })
  @IsOptional()
  @IsString()
  @Matches(/^[^\0]*$/, { message: 'block must have no NUL' })
  block?: string;

  @ApiPropertyOptional({ description: 'Only of tasks and groups with this key' })
  @IsOptional()
  @IsString()
  @Matches(/^[^\0]*$/, { message: 'key must have no NUL' })
  key?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this task' })
  @IsOptional()
  @IsUUID()
  task?: string;
}

export class LineageQuery {
  @ApiProperty({ description: 'Of the payload' })
  @IsString()
  @Matches(/^[^\0]*$/, { message: 'block must have no NUL' })
  block!: string;

  @ApiPropertyOptional({ default: '', description: 'Of the payload', example: 'import=a/script=2' })
  @IsOptional()
  @IsString()
  @Matches(/^[^\0]*$/, { message: 'key must have no NUL' })
  key: string = '';
}

export class TimelineQuery {
  @ApiPropertyOptional({ format: 'date-time', description: 'Only tasks that had not ended then' })
  @IsOptional()
  @IsTime()
  from?: Date;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only tasks that had been asked for then' })
  @IsOptional()
  @IsTime()
  to?: Date;

  @ApiPropertyOptional({ description: 'Only tasks of this block' })
  @IsOptional()
  @IsString()
  @Matches(/^[^\0]*$/, { message: 'block must have no NUL' })
  block?: string;

  @ApiPropertyOptional({
    default: 200,
    minimum: 1,
    maximum: 500,
    description: 'So many of the longest tasks',
  })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 200;
}

export class ComparisonQuery extends PageQuery {
  @ApiProperty({ format: 'uuid', description: 'The other run' })
  @IsUUID('all', { message: 'with must be the id of a run' })
  with!: string;

  @ApiPropertyOptional({ description: 'One that both runs have. Default: the last of those' })
  @IsOptional()
  @IsString()
  @Matches(/^[^\0]*$/, { message: 'block must have no NUL' })
  block?: string;
}

@ApiTags('runs')
@Controller('api/runs/:id')
export class HistoryController {
  constructor(
    private readonly readHistory: ReadHistory,
    private readonly readLineage: ReadLineage,
    private readonly showTimeline: ShowTimeline,
    private readonly compareRuns: CompareRuns,
  ) {}

  @Get('comparison')
  @ApiOperation({ summary: 'This run beside another: what came out of a block of each, by key' })
  @Answers(RunComparisonAnswer)
  comparison(@Param('id', UuidPipe) id: string, @Query() query: ComparisonQuery): Promise<RunComparison> {
    return this.compareRuns.execute(id, query);
  }

  @Get('timeline')
  @ApiOperation({
    summary:
      'When tasks waited and when they were worked on: sums a block, and the longest tasks of a window',
  })
  @Answers(RunTimeline)
  timeline(@Param('id', UuidPipe) id: string, @Query() query: TimelineQuery): Promise<Timeline> {
    return this.showTimeline.execute(id, query);
  }

  @Get('history')
  @ApiOperation({ summary: 'All that happened in a run, in time, with attempt, worker and cause' })
  @Answers(RunHistory)
  history(
    @Param('id', UuidPipe) id: string,
    @Query() { block, key, task, cursor, limit }: HistoryQuery,
  ): Promise<{ transitions: Happened[]; next?: string }> {
    return this.readHistory.execute(id, { block, key, task, cursor, limit });
  }

  @Get('lineage')
  @ApiOperation({
    summary: 'The way a payload took and what became of it; for one that never came to be, why',
  })
  @Answers(PayloadLineage)
  lineage(@Param('id', UuidPipe) id: string, @Query() { block, key }: LineageQuery): Promise<Lineage> {
    return this.readLineage.execute(id, { block, key });
  }
}
