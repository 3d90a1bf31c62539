import { readerGone } from '@duofactory/platform';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { ExportFiles } from '../app/exports/export-files.js';
import { ExportFileParams } from './sources.dto.js';

/** How reading ends when nobody wants the rest. */
const READER_GONE = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

@ApiTags('exports')
@Controller('api/exports')
export class ExportsController {
  constructor(private readonly files: ExportFiles) {}

  @Get(':hash/:name')
  @ApiOperation({ summary: 'A file that an export block made, as its result names it' })
  @ApiProduces(
    'text/csv',
    'application/x-ndjson',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  )
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async download(@Param() { hash, name }: ExportFileParams, @Res() response: Response): Promise<void> {
    const gone = readerGone(response);
    const { mediaType, sizeBytes, bytes } = await this.files.open(hash, name, gone);
    response.attachment(name);
    response.set({
      'content-type': mediaType === 'text/csv' ? 'text/csv; charset=utf-8' : mediaType,
      'content-length': String(sizeBytes),
      // What is named by its bytes is the same for ever.
      'cache-control': 'private, max-age=31536000, immutable',
    });
    await pipeline(bytes, response).catch((error: unknown) => {
      if (!READER_GONE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    });
  }
}
