import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, PageQuery } from '@duofactory/platform';
import { IsOptional, IsString, IsUUID, Matches } from 'class-validator';
import { ReadHistory, type Happened } from '../app/read-history.js';
import { ReadLineage, type Lineage } from '../app/read-lineage.js';
import { PayloadLineage, RunHistory } from './answers.js';

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

@ApiTags('runs')
@Controller('api/runs/:id')
export class HistoryController {
  constructor(
    private readonly readHistory: ReadHistory,
    private readonly readLineage: ReadLineage,
  ) {}

  @Get('history')
  @ApiOperation({ summary: 'All that happened in a run, in time, with attempt, worker and cause' })
  @Answers(RunHistory)
  history(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { block, key, task, cursor, limit }: HistoryQuery,
  ): Promise<{ transitions: Happened[]; next?: string }> {
    return this.readHistory.execute(id, { block, key, task, cursor, limit });
  }

  @Get('lineage')
  @ApiOperation({
    summary: 'The way a payload took and what became of it; for one that never came to be, why',
  })
  @Answers(PayloadLineage)
  lineage(@Param('id', ParseUUIDPipe) id: string, @Query() { block, key }: LineageQuery): Promise<Lineage> {
    return this.readLineage.execute(id, { block, key });
  }
}
