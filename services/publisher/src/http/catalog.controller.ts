import { Answers, UuidPipe } from '@duofactory/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { stringify, type Options } from 'csv-stringify';
import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Episode } from '@duofactory/contracts';
import { ReadCatalog } from '../app/read-catalog.js';
import { EpisodesBody, filterOf } from './actions.dto.js';
import {
  CoursesAnswer,
  EnvironmentsAnswer,
  EpisodeDetailAnswer,
  EpisodeGroupsAnswer,
  EpisodesAnswer,
  EpisodeVersionsAnswer,
  NodesAnswer,
} from './answers.js';
import { EnvironmentQuery, EpisodesQuery, GroupsQuery, NodesQuery, VersionQuery } from './catalog.dto.js';

const EPISODE = JSON.parse(JSON.stringify(Episode)) as object;
const CSV: Options = {
  header: true,
  escape_formulas: true,
  columns: [
    ...['id', 'environment', 'course', 'node', 'nodeName', 'level', 'slot', 'title', 'wrapper', 'viability'],
    ...['status', 'version', 'schemaVersion', 'pipelineStatus', 'run', 'attempts', 'updatedAt'],
  ],
  cast: { date: (value) => value.toISOString() },
};

@ApiTags('catalog')
@Controller('api')
export class CatalogController {
  constructor(private readonly catalog: ReadCatalog) {}

  @Get('environments')
  @ApiOperation({ summary: 'Environments that have courses' })
  @Answers(EnvironmentsAnswer)
  async environments() {
    return { environments: await this.catalog.environments() };
  }

  @Get('courses')
  @ApiOperation({ summary: 'Courses with their published episodes counted' })
  @Answers(CoursesAnswer)
  async courses(@Query() { environment }: EnvironmentQuery) {
    return { courses: await this.catalog.courses(environment) };
  }

  @Get('nodes')
  @ApiOperation({ summary: 'Nodes of a course' })
  @Answers(NodesAnswer)
  async nodes(@Query() { environment, course }: NodesQuery) {
    return { nodes: await this.catalog.nodes(environment, course) };
  }

  @Get('episodes')
  @ApiOperation({ summary: 'Episodes, last changed first or as they lie in their course' })
  @Answers(EpisodesAnswer)
  episodes(@Query() { cursor, limit, order, ...filter }: EpisodesQuery) {
    const page = { limit, ...(cursor === undefined ? {} : { cursor }) };
    return order === 'place'
      ? this.catalog.episodesByPlace(filter, page)
      : this.catalog.episodes(filter, page);
  }

  @Post('episodes/exports')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Episodes as CSV, as they lie in their course: given ones, or all that match',
    description: 'A cell that begins like a formula gets an apostrophe.',
  })
  @ApiProduces('text/csv')
  async export(@Body() body: EpisodesBody, @Res() response: Response): Promise<void> {
    const { environment, ...which } = body;
    const filter = filterOf(environment, which);
    response.set({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="episodes-${environment}.csv"`,
    });
    await pipeline(Readable.from(this.catalog.every(filter)), stringify(CSV), response);
  }

  @Get('episodes/groups')
  @ApiOperation({ summary: 'Episodes counted by what they have in common, with the filters of the list' })
  @Answers(EpisodeGroupsAnswer)
  async groups(@Query() { by, ...filter }: GroupsQuery) {
    return { groups: await this.catalog.groups(filter, by) };
  }

  @Get('episodes/:id')
  @ApiOperation({ summary: 'An episode with its provenance and where its parts are' })
  @Answers(EpisodeDetailAnswer)
  show(@Param('id', UuidPipe) id: string, @Query() { environment }: EnvironmentQuery) {
    return this.catalog.show(environment, id);
  }

  @Get('episodes/:id/versions')
  @ApiOperation({ summary: 'Versions of an episode, newest first' })
  @Answers(EpisodeVersionsAnswer)
  async versions(@Param('id', UuidPipe) id: string, @Query() { environment }: EnvironmentQuery) {
    return { versions: await this.catalog.versions(environment, id) };
  }

  @Get('episodes/:id/episode.json')
  @ApiOperation({ summary: 'What a player reads' })
  @ApiOkResponse({ schema: EPISODE })
  async document(
    @Param('id', UuidPipe) id: string,
    @Query() { environment, version }: VersionQuery,
    @Res() response: Response,
  ): Promise<void> {
    const bytes = await this.catalog.document(environment, id, version);
    response.type('application/json').send(Buffer.from(bytes));
  }

  @Get('episodes/:id/audio')
  @ApiOperation({ summary: 'What a player plays; parts of it by Range' })
  @ApiProduces('audio/ogg', 'audio/mpeg')
  async audio(
    @Param('id', UuidPipe) id: string,
    @Query() { environment, version }: VersionQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { bytes, mediaType, etag } = await this.catalog.audio(environment, id, version);
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
