import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReadPayloads, type PayloadPage } from '../app/read-payloads.js';
import { PayloadsQuery } from './runs.dto.js';

@ApiTags('tasks')
@Controller('api/tasks')
export class TasksController {
  constructor(private readonly readPayloads: ReadPayloads) {}

  @Get(':id/payloads')
  @ApiOperation({ summary: 'The list of an `all` task, in payload order' })
  payloads(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { from, limit }: PayloadsQuery,
  ): Promise<PayloadPage> {
    return this.readPayloads.execute(id, from, limit);
  }
}
