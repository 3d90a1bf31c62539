import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, KebabIdPipe } from '@duofactory/platform';
import { IsBoolean, IsObject, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { Triggers, type Trigger } from '../app/starts/triggers.js';
import { Trigger as TriggerAnswer, TriggerList } from './answers.js';
import { OfWorkflowQuery } from './of-workflow.dto.js';
import { isOnlyNew, ONLY_NEW } from './only-new.js';

export class TriggerBody {
  @ApiProperty({ example: 'duofactory.content' })
  @IsString()
  @MaxLength(249)
  topic!: string;

  @ApiProperty({ example: 'org.example.unit-changed.v1', description: "The CloudEvent's type", minLength: 1 })
  @IsString()
  @MinLength(1, { message: 'type must be that of the events, such as org.example.unit-changed.v1' })
  @MaxLength(200)
  type!: string;

  @ApiPropertyOptional({ example: '/curriculum', description: 'Only from this source', minLength: 1 })
  @IsOptional()
  @IsString()
  @MinLength(1, { message: 'source must be that of the events; leave it out for events from anywhere' })
  @MaxLength(500)
  source?: string;

  @ApiPropertyOptional({
    example: "data.environment = 'prod'",
    description: 'JSONata over the event: only if it is true',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  when?: string;

  @ApiProperty({ example: 'duoradio' })
  @Matches(/^[a-z0-9][a-z0-9-]*(@[1-9]\d{0,8})?$/, {
    message: 'workflow must be an id such as duoradio, or duoradio@3',
  })
  workflow!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { unit: '{{data.unit}}' },
    description: 'By input, a template that sees the event',
  })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;

  @ApiPropertyOptional({ default: false })
  @IsOptional()
  @IsBoolean()
  paused?: boolean;
}

@ApiTags('triggers')
@Controller('api/triggers')
export class TriggersController {
  constructor(private readonly triggers: Triggers) {}

  @Get()
  @ApiOperation({ summary: 'Triggers: events that start runs' })
  @Answers(TriggerList)
  async list(@Query() { workflow }: OfWorkflowQuery): Promise<{ triggers: Trigger[] }> {
    return { triggers: await this.triggers.list(workflow) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A trigger' })
  @Answers(TriggerAnswer)
  show(@Param('id', KebabIdPipe) id: string): Promise<Trigger> {
    return this.triggers.show(id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Make or replace a trigger' })
  @ApiHeader(ONLY_NEW)
  @Answers(TriggerAnswer)
  put(
    @Param('id', KebabIdPipe) id: string,
    @Body() { source, when, inputs = {}, paused = false, ...body }: TriggerBody,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<Trigger> {
    const trigger = { ...body, source: source ?? null, when: when ?? null, inputs, paused };
    return this.triggers.put(id, trigger, isOnlyNew(ifNoneMatch));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a trigger; runs that it started stay' })
  delete(@Param('id', KebabIdPipe) id: string): Promise<void> {
    return this.triggers.delete(id);
  }
}
