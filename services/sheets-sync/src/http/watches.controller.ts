import { Answers, readerGone } from '@duofactory/platform';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { RefusedRows } from '../app/watches/refused-rows.js';
import { WatchSheet, type SheetWatch } from '../app/watches/watch-sheet.js';
import { WorkflowInputs } from '../app/watches/workflow-inputs.js';
import { RetriedAnswer, WatchAnswer } from './answers.js';
import { SheetWatchBody } from './sources.dto.js';

@ApiTags('sources')
@Controller('api/sources/:id/watch')
export class WatchesController {
  constructor(
    private readonly watches: WatchSheet,
    private readonly refused: RefusedRows,
    private readonly workflows: WorkflowInputs,
  ) {}

  @Put()
  @ApiOperation({
    summary: 'Watch a spreadsheet: each row that is added or changed from now on starts a run',
    description:
      'It is read every so many minutes, and by every sync. A removed row starts nothing. Rows that were refused before are asked for again.',
  })
  @Answers(WatchAnswer)
  async put(
    @Param('id') id: string,
    @Body() body: SheetWatchBody,
    @Res({ passthrough: true }) response: Response,
    @Headers('x-duofactory-user') user = 'local',
  ) {
    await this.workflows.check(body.workflow, body.inputs, readerGone(response));
    const watch = await this.watches.put(id, { ...body }, user);
    if (!watch.paused) await this.refused.retry(id);
    return this.#told(watch);
  }

  @Get()
  @ApiOperation({
    summary: 'How a spreadsheet is watched, how the last look went, and which rows were refused their runs',
  })
  @Answers(WatchAnswer)
  async show(@Param('id') id: string) {
    return this.#told(await this.watches.show(id));
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Ask again for the runs of rows that were refused theirs, such as for their inputs',
    description:
      'It happens by itself when the row changes, and when the workflow is published anew. As many as mostRuns at once.',
  })
  @Answers(RetriedAnswer)
  retry(@Param('id') id: string) {
    return this.refused.retry(id);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Watch a spreadsheet no more; it can be synced as before' })
  delete(@Param('id') id: string) {
    return this.watches.delete(id);
  }

  async #told({ retriedVersion: _, ...watch }: SheetWatch) {
    return { ...watch, refused: await this.refused.of(watch.id) };
  }
}
