import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, KebabIdPipe } from '@duofactory/platform';
import { IsBoolean, IsIn, IsObject, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Schedules, type Schedule } from '../app/starts/schedules.js';
import { Schedule as ScheduleAnswer, ScheduleList, ScheduleTimes } from './answers.js';
import { OfWorkflowQuery } from './of-workflow.dto.js';
import { isOnlyNew, ONLY_NEW } from './only-new.js';

export class ScheduleTimesBody {
  @ApiProperty({
    example: '0 6 * * 1-5',
    description: 'Minute, hour, day, month, weekday; or one time: 2040-12-24T18:00:00',
  })
  @IsString()
  @MaxLength(200)
  cron!: string;

  @ApiPropertyOptional({ example: 'Europe/Madrid', default: 'UTC', description: 'IANA name' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  timeZone?: string;
}

export class ScheduleBody extends ScheduleTimesBody {
  @ApiProperty({ example: 'duoradio' })
  @Matches(/^[a-z0-9][a-z0-9-]*(@[1-9]\d{0,8})?$/, {
    message: 'workflow must be an id such as duoradio, or duoradio@3',
  })
  workflow!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;

  @ApiPropertyOptional({
    enum: ['skip', 'run'],
    default: 'skip',
    description: 'Times that passed while no orchestrator was there: start only the last, or all of them',
  })
  @IsOptional()
  @IsIn(['skip', 'run'])
  missed?: 'skip' | 'run';

  @ApiPropertyOptional({ default: false })
  @IsOptional()
  @IsBoolean()
  paused?: boolean;
}

@ApiTags('schedules')
@Controller('api/schedules')
export class SchedulesController {
  constructor(private readonly schedules: Schedules) {}

  @Get()
  @ApiOperation({ summary: 'Schedules with their next and last times' })
  @Answers(ScheduleList)
  async list(@Query() { workflow }: OfWorkflowQuery): Promise<{ schedules: Schedule[] }> {
    return { schedules: await this.schedules.list(workflow) };
  }

  @Post('times')
  @HttpCode(200)
  @ApiOperation({ summary: 'The next times of a pattern, before it is a schedule' })
  @Answers(ScheduleTimes)
  times(@Body() { cron, timeZone = 'UTC' }: ScheduleTimesBody): { times: Date[] } {
    return { times: this.schedules.times({ cron, timeZone }) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A schedule' })
  @Answers(ScheduleAnswer)
  show(@Param('id', KebabIdPipe) id: string): Promise<Schedule> {
    return this.schedules.show(id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Make or replace a schedule' })
  @ApiHeader(ONLY_NEW)
  @Answers(ScheduleAnswer)
  put(
    @Param('id', KebabIdPipe) id: string,
    @Body() body: ScheduleBody,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<Schedule> {
    const schedule = { inputs: {}, timeZone: 'UTC', missed: 'skip', paused: false, ...body } as const;
    return this.schedules.put(id, schedule, isOnlyNew(ifNoneMatch));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a schedule; its runs stay' })
  delete(@Param('id', KebabIdPipe) id: string): Promise<void> {
    return this.schedules.delete(id);
  }
}
