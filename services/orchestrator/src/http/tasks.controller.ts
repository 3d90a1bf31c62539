import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@duofactory/platform';
import { ReadPayloads, type PayloadPage } from '../app/read-payloads.js';
import { ReadProvenance, type Provenance } from '../app/read-provenance.js';
import { ReadTaskInput, type GivenInput } from '../app/read-task-input.js';
import { TaskInput } from './answers.js';
import { PayloadsQuery } from './runs.dto.js';

@ApiTags('tasks')
@Controller('api/tasks')
export class TasksController {
  constructor(
    private readonly readPayloads: ReadPayloads,
    private readonly readProvenance: ReadProvenance,
    private readonly readTaskInput: ReadTaskInput,
  ) {}

  @Get(':id/input')
  @ApiOperation({ summary: 'What a task was given: its configuration, and the results it may read' })
  @Answers(TaskInput)
  input(@Param('id', ParseUUIDPipe) id: string): Promise<GivenInput> {
    return this.readTaskInput.execute(id);
  }

  @Get(':id/provenance')
  @ApiOperation({ summary: 'Where the input of a task comes from: references, models, rows, cost' })
  provenance(@Param('id', ParseUUIDPipe) id: string): Promise<Provenance> {
    return this.readProvenance.execute(id);
  }

  @Get(':id/payloads')
  @ApiOperation({ summary: 'The list of an `all` task, in payload order' })
  payloads(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { from, limit }: PayloadsQuery,
  ): Promise<PayloadPage> {
    return this.readPayloads.execute(id, from, limit);
  }
}
