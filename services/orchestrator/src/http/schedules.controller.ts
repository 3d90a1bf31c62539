import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { KebabIdPipe } from '@duofactory/platform';
import { IsBoolean, IsIn, IsObject, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Schedules, type Schedule } from '../app/schedules.js';

export class ScheduleBody {
  @ApiProperty({ example: 'duoradio' })
  @Matches(/^[a-z0-9][a-z0-9-]*(@[1-9]\d{0,8})?$/, {
    message: 'workflow must be an id such as duoradio, or duoradio@3',
  })
  workflow!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;

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
  async list(): Promise<{ schedules: Schedule[] }> {
    return { schedules: await this.schedules.list() };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A schedule' })
  show(@Param('id', KebabIdPipe) id: string): Promise<Schedule> {
    return this.schedules.show(id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Make or replace a schedule' })
  put(@Param('id', KebabIdPipe) id: string, @Body() body: ScheduleBody): Promise<Schedule> {
    return this.schedules.put(id, { inputs: {}, timeZone: 'UTC', missed: 'skip', paused: false, ...body });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a schedule; its runs stay' })
  delete(@Param('id', KebabIdPipe) id: string): Promise<void> {
    return this.schedules.delete(id);
  }
}
