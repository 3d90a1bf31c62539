import { Controller, Get, Param, ParseUUIDPipe, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ReadCatalog } from '../app/read-catalog.js';
import { EnvironmentQuery, EpisodesQuery, NodesQuery } from './catalog.dto.js';

@ApiTags('catalog')
@Controller('api')
export class CatalogController {
  constructor(private readonly catalog: ReadCatalog) {}

  @Get('environments')
  @ApiOperation({ summary: 'Environments that have courses' })
  async environments() {
    return { environments: await this.catalog.environments() };
  }

  @Get('courses')
  @ApiOperation({ summary: 'Courses with their published episodes counted' })
  async courses(@Query() { environment }: EnvironmentQuery) {
    return { courses: await this.catalog.courses(environment) };
  }

  @Get('nodes')
  @ApiOperation({ summary: 'Nodes of a course' })
  async nodes(@Query() { environment, course }: NodesQuery) {
    return { nodes: await this.catalog.nodes(environment, course) };
  }

  @Get('episodes')
  @ApiOperation({ summary: 'Episodes, last changed first' })
  episodes(@Query() query: EpisodesQuery) {
    return this.catalog.episodes(query);
  }

  @Get('episodes/:id')
  @ApiOperation({ summary: 'An episode with its provenance and where its parts are' })
  show(@Param('id', ParseUUIDPipe) id: string, @Query() { environment }: EnvironmentQuery) {
    return this.catalog.show(environment, id);
  }

  @Get('episodes/:id/versions')
  @ApiOperation({ summary: 'Versions of an episode, newest first' })
  async versions(@Param('id', ParseUUIDPipe) id: string, @Query() { environment }: EnvironmentQuery) {
    return { versions: await this.catalog.versions(environment, id) };
  }

  @Get('episodes/:id/episode.json')
  @ApiOperation({ summary: 'What a player reads' })
  async document(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { environment }: EnvironmentQuery,
    @Res() response: Response,
  ): Promise<void> {
    const bytes = await this.catalog.document(environment, id);
    response.type('application/json').send(Buffer.from(bytes));
  }

  @Get('episodes/:id/audio')
  @ApiOperation({ summary: 'What a player plays; parts of it by Range' })
  @ApiProduces('audio/ogg', 'audio/mpeg')
  async audio(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { environment }: EnvironmentQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { bytes, mediaType, etag } = await this.catalog.audio(environment, id);
    response.set({ 'accept-ranges': 'bytes', etag, 'content-type': mediaType });
    const ranges = request.range(bytes.byteLength);
    if (ranges === -1) {
      response.status(416).set('content-range', `bytes */${bytes.byteLength}`).end();
    } else if (Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1) {
      const { start, end } = ranges[0]!;
      response.status(206).set('content-range', `bytes ${start}-${end}/${bytes.byteLength}`);
      response.end(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start + 1));
    } else {
      response.end(Buffer.from(bytes));
    }
  }
}
