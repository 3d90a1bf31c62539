import { Answers, readerGone } from '@duofactory/platform';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Put, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { WatchSheet } from '../app/watch-sheet.js';
import { WorkflowInputs } from '../app/workflow-inputs.js';
import { WatchAnswer } from './answers.js';
import { SheetWatchBody } from './sources.dto.js';

@ApiTags('sources')
@Controller('api/sources/:id/watch')
export class WatchesController {
  constructor(
    private readonly watches: WatchSheet,
    private readonly workflows: WorkflowInputs,
  ) {}

  @Put()
  @ApiOperation({
    summary: 'Watch a spreadsheet: each row that is added or changed from now on starts a run',
    description: 'It is read every so many minutes, and by every sync. A removed row starts nothing.',
  })
  @Answers(WatchAnswer)
  async put(
    @Param('id') id: string,
    @Body() body: SheetWatchBody,
    @Res({ passthrough: true }) response: Response,
    @Headers('x-duofactory-user') user = 'local',
  ) {
    await this.workflows.check(body.workflow, body.inputs, readerGone(response));
    return this.watches.put(id, { ...body }, user);
  }

  @Get()
  @ApiOperation({ summary: 'How a spreadsheet is watched, and how the last look went' })
  @Answers(WatchAnswer)
  show(@Param('id') id: string) {
    return this.watches.show(id);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Watch a spreadsheet no more; it can be synced as before' })
  delete(@Param('id') id: string) {
    return this.watches.delete(id);
  }
}
