import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiPropertyOptional, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Answers, EventStream, IsTime } from '@duofactory/platform';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsOptional, IsUUID, Matches } from 'class-validator';
import type { Response } from 'express';
import { ReadRuns } from '../app/history/read-runs.js';
import { WatchRuns } from '../app/history/watch-runs.js';
import { CatalogUpdate, EditorList, RunCounts, RunUpdate } from './answers.js';
import { EDITED_PLACE } from './editors.controller.js';

const listed = ({ value }: { value: unknown }): string[] =>
  typeof value === 'string' && value !== '' ? value.split(',') : [];

export class WatchQuery {
  @ApiPropertyOptional({ type: String, description: 'Ids of at most 100 runs, with commas between' })
  @Transform(listed)
  @ArrayMaxSize(100)
  @IsUUID(undefined, { each: true, message: 'runs must be ids of runs, with commas between' })
  runs: string[] = [];

  @ApiPropertyOptional({
    type: String,
    description: 'At most 20 places of editors, such as prompts/title, with commas between',
  })
  @Transform(listed)
  @ArrayMaxSize(20)
  @Matches(EDITED_PLACE, {
    each: true,
    message: 'editing must be places such as prompts/title, with commas between',
  })
  editing: string[] = [];
}

export class CountQuery {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'Only runs that ended since; default: whenever',
  })
  @IsOptional()
  @IsTime()
  since?: Date;
}

/** What goes on, over all runs. Stands before the resource of one run: `counts` and `events` are no ids. */
@ApiTags('runs')
@Controller('api/runs')
export class LiveRunsController {
  constructor(
    private readonly readRuns: ReadRuns,
    private readonly watchRuns: WatchRuns,
  ) {}

  @Get('counts')
  @ApiOperation({ summary: 'How many runs go on, and how many ended how; tests are not counted' })
  @Answers(RunCounts)
  counts(@Query() { since }: CountQuery) {
    return this.readRuns.counts(since);
  }

  @Get('events')
  @ApiOperation({
    summary:
      'Several runs on one stream of server-sent events, that a run began, that episodes changed, and who edits what',
    description:
      'Event `run` has the whole state of one of the runs (`RunUpdate`), at most four times a second; event `started` tells of a new run that is no test, event `here` that the stream is there, every 15 s; ' +
      'event `catalog` names courses whose episodes changed (`CatalogUpdate`); ' +
      'event `editors` tells who types at a place that is asked for (`Editors`), when that changes. ' +
      'With `Last-Event-ID` only what changed since is told.',
  })
  @ApiProduces('text/event-stream')
  @ApiResponse({
    status: 200,
    description: '',
    schema: JSON.parse(JSON.stringify({ anyOf: [RunUpdate, CatalogUpdate, EditorList] })) as object,
  })
  async events(
    @Query() { runs, editing }: WatchQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const stream = new EventStream(response, { sign: 'event: here\ndata: {}' });
    for await (const { told, place } of this.watchRuns.execute(
      { runs, editing, place: lastEventId },
      stream.gone,
    )) {
      const { kind, ...data } = told;
      stream.tell(kind, data, place);
      await stream.taken();
    }
    stream.end();
  }
}
