import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, PageQuery } from '@duofactory/platform';
import { IsOptional, IsString, IsUUID, Matches } from 'class-validator';
import { ReadHistory, type Happened } from '../app/read-history.js';
import { RunHistory } from './answers.js';

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

@ApiTags('runs')
@Controller('api/runs/:id')
export class HistoryController {
  constructor(private readonly readHistory: ReadHistory) {}

  @Get('history')
  @ApiOperation({ summary: 'All that happened in a run, in time, with attempt, worker and cause' })
  @Answers(RunHistory)
  history(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { block, key, task, cursor, limit }: HistoryQuery,
  ): Promise<{ transitions: Happened[]; next?: string }> {
    return this.readHistory.execute(id, { block, key, task, cursor, limit });
  }
}
