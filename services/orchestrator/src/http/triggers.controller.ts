import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { KebabIdPipe } from '@duofactory/platform';
import { IsBoolean, IsObject, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Triggers, type Trigger } from '../app/triggers.js';

export class TriggerBody {
  @ApiProperty({ example: 'duofactory.content' })
  @IsString()
  @MaxLength(249)
  topic!: string;

  @ApiProperty({ example: 'org.example.unit-changed.v1', description: "The CloudEvent's type" })
  @IsString()
  @MaxLength(200)
  type!: string;

  @ApiPropertyOptional({ example: '/curriculum', description: 'Only from this source' })
  @IsOptional()
  @IsString()
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
  async list(): Promise<{ triggers: Trigger[] }> {
    return { triggers: await this.triggers.list() };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A trigger' })
  show(@Param('id', KebabIdPipe) id: string): Promise<Trigger> {
    return this.triggers.show(id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Make or replace a trigger' })
  put(
    @Param('id', KebabIdPipe) id: string,
    @Body() { source, when, inputs = {}, paused = false, ...body }: TriggerBody,
  ): Promise<Trigger> {
    return this.triggers.put(id, { ...body, source: source ?? null, when: when ?? null, inputs, paused });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a trigger; runs that it started stay' })
  delete(@Param('id', KebabIdPipe) id: string): Promise<void> {
    return this.triggers.delete(id);
  }
}
