import { Answers, readerGone } from '@duofactory/platform';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { SyncSheet } from '../app/sources/sync-sheet.js';
import { columnIndex } from '../app/tables/column-name.js';
import { invalidSource } from '../app/sources/source-problems.js';
import { checkSourceId } from '../app/sources/source-id.js';
import { SourceAnswer, SourcesAnswer, SyncedAnswer } from './answers.js';
import { SheetRangeBody } from './sources.dto.js';

@ApiTags('sources')
@Controller('api/sources')
export class SourcesController {
  constructor(private readonly syncSheet: SyncSheet) {}

  @Put(':id')
  @ApiOperation({ summary: 'Say which tab of a Google spreadsheet a table, or course data, comes from' })
  @Answers(SourceAnswer)
  put(
    @Param('id') id: string,
    @Body() { spreadsheet, tab, columns, headerRow, types, course }: SheetRangeBody,
    @Headers('x-duofactory-user') user = 'local',
  ) {
    checkSourceId(id);
    const other = Object.entries(types ?? {}).find(
      ([, type]) => type !== 'text' && type !== 'number' && type !== 'boolean',
    );
    if (other)
      throw invalidSource('invalid-type', `"${other[0]}" must be text, number or boolean`, [
        { field: `types.${other[0]}`, message: 'Not text, number or boolean' },
      ]);
    const [first, last] = columns?.split(':').map(columnIndex) ?? [];
    if (first !== undefined && last !== undefined && first > last)
      throw invalidSource('invalid-columns', `"${columns}" ends before it begins`, [
        { field: 'columns', message: 'Ends before it begins' },
      ]);
    const range = {
      ...{ spreadsheet, tab, headerRow },
      ...(columns === undefined ? {} : { columns }),
      ...(types ? { types } : {}),
    };
    return this.syncSheet.put(id, { range, course: course ? { ...course } : null }, user);
  }

  @Get()
  @ApiOperation({ summary: 'Tables and course data that come from spreadsheets' })
  @Answers(SourcesAnswer)
  async list() {
    return { sources: await this.syncSheet.list() };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Where a table, or course data, comes from' })
  @Answers(SourceAnswer)
  show(@Param('id') id: string) {
    return this.syncSheet.show(id);
  }

  @Post(':id/sync')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Read the tab now; what changed is the next version of the table or the course data',
    description:
      'Says which rows lack a text in a column of a language, such as "pt-BR". If the source is watched, each changed row has its run.',
  })
  @Answers(SyncedAnswer)
  sync(@Param('id') id: string, @Res({ passthrough: true }) response: Response) {
    return this.syncSheet.execute(id, readerGone(response));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget where a table comes from; its versions stay' })
  delete(@Param('id') id: string) {
    return this.syncSheet.delete(id);
  }
}
