import { Answers } from '@duofactory/platform';
import { Controller, Get, Param, ParseUUIDPipe, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ReadCatalog } from '../app/read-catalog.js';
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
  @ApiOperation({ summary: 'Episodes, last changed first' })
  @Answers(EpisodesAnswer)
  episodes(@Query() { cursor, limit, ...filter }: EpisodesQuery) {
    return this.catalog.episodes(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
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
  show(@Param('id', ParseUUIDPipe) id: string, @Query() { environment }: EnvironmentQuery) {
    return this.catalog.show(environment, id);
  }

  @Get('episodes/:id/versions')
  @ApiOperation({ summary: 'Versions of an episode, newest first' })
  @Answers(EpisodeVersionsAnswer)
  async versions(@Param('id', ParseUUIDPipe) id: string, @Query() { environment }: EnvironmentQuery) {
    return { versions: await this.catalog.versions(environment, id) };
  }

  @Get('episodes/:id/episode.json')
  @ApiOperation({ summary: 'What a player reads' })
  async document(
    @Param('id', ParseUUIDPipe) id: string,
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
    @Param('id', ParseUUIDPipe) id: string,
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
