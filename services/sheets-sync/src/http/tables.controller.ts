import { Answers, readerGone } from '@duofactory/platform';
import { Controller, Get, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RawBodyRequest } from '@nestjs/common';
import type { Request, Response } from 'express';
import { PublishSource, type PublishedSource } from '../app/sources/publish-source.js';
import { ReadSources } from '../app/sources/read-sources.js';
import { ReadChanges } from '../app/watches/read-changes.js';
import { variantsOf } from '../app/wrappers/row-variants.js';
import { hasSections } from '../app/wrappers/wrapper-sections.js';
import { checkSourceId } from '../app/sources/source-id.js';
import { TableNotes, type NotesTold } from '../app/tables/table-notes.js';
import { TableFiles, jsonOf, mediaTypeOf } from '../app/tables/table-files.js';
import {
  ChangesAnswer,
  MissingAnswer,
  PublishedAnswer,
  RowsAnswer,
  TableAnswer,
  TablesAnswer,
} from './answers.js';
import { ChangesQuery, RowsQuery } from './sources.dto.js';

@ApiTags('tables')
@Controller('api/tables')
export class TablesController {
  constructor(
    private readonly publishSource: PublishSource,
    private readonly readSources: ReadSources,
    private readonly readChanges: ReadChanges,
    private readonly files: TableFiles,
  ) {}

  @Put(':id')
  @ApiOperation({ summary: 'Publish a table; the same content again is the version that is there' })
  @ApiConsumes(
    'text/csv',
    'text/tab-separated-values',
    'application/x-ndjson',
    'application/json',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  )
  @ApiBody({ schema: { type: 'string', description: 'A header line and rows, or JSON rows' } })
  @Answers(PublishedAnswer)
  async publish(
    @Param('id') id: string,
    @Req() request: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PublishedSource & NotesTold> {
    checkSourceId(id);
    const json = jsonOf(request);
    const mediaType = mediaTypeOf(request.headers['content-type']);
    const notes = new TableNotes();
    const rows = this.files.read({ mediaType, body: request, json }, readerGone(response), notes);
    return { ...(await this.publishSource.table(id, rows)), ...notes.told() };
  }

  @Get()
  @ApiOperation({ summary: 'Tables with their latest version' })
  @Answers(TablesAnswer)
  async list() {
    return { tables: await this.readSources.list('table') };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A version of a table: id, or id@7' })
  @Answers(TableAnswer)
  show(@Param('id') id: string) {
    return this.readSources.show('table', id);
  }

  @Get(':id/missing')
  @ApiOperation({ summary: 'Rows that lack a text in a column of a language, such as "pt-BR"' })
  @Answers(MissingAnswer)
  missing(@Param('id') id: string) {
    return this.readChanges.missing(id);
  }

  @Get(':id/changes')
  @ApiOperation({ summary: 'What a version of a table brought: rows added, changed and removed' })
  @Answers(ChangesAnswer)
  changes(@Param('id') id: string, @Query() { key }: ChangesQuery) {
    return this.readChanges.changes(id, key);
  }

  @Get(':id/rows')
  @ApiOperation({
    summary: 'Rows of a version, in order',
    description:
      'Of a table of shows with the alternatives in its semi_fixed cells, as a run would read them.',
  })
  @Answers(RowsAnswer)
  async rows(@Param('id') id: string, @Query() { cursor, limit }: RowsQuery) {
    const source = await this.readSources.show('table', id);
    const rows = await this.readSources.page('table', source, { after: cursor, limit: limit + 1 });
    const { columns } = source.head as { columns: string[] };
    const page = rows
      .slice(0, limit)
      .map((row) => (hasSections(columns) ? { ...row, ...variantsOf(row) } : row));
    return { rows: page, ...(rows.length > limit ? { next: page.at(-1)!.ordinal } : {}) };
  }
}
