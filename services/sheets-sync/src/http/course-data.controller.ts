import { Answers, readerGone } from '@duofactory/platform';
import { Controller, Get, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RawBodyRequest } from '@nestjs/common';
import type { Request, Response } from 'express';
import { PublishCourse } from '../app/sources/publish-course.js';
import type { PublishedSource } from '../app/sources/publish-source.js';
import { ReadSources } from '../app/sources/read-sources.js';
import { TableNotes, type NotesTold } from '../app/tables/table-notes.js';
import { TableFiles, jsonOf, mediaTypeOf } from '../app/tables/table-files.js';
import { checkSourceId } from '../app/sources/source-id.js';
import { CourseAnswer, CoursesAnswer, PublishedAnswer } from './answers.js';
import { CourseHeadQuery } from './sources.dto.js';

@ApiTags('course-data')
@Controller('api/course-data')
export class CourseDataController {
  constructor(
    private readonly publishCourse: PublishCourse,
    private readonly readSources: ReadSources,
    private readonly files: TableFiles,
  ) {}

  @Put(':id')
  @ApiOperation({
    summary: 'Publish the curriculum of a course: the document of `kind: course`, or its rows',
    description:
      'A row is a word, a sentence or a slot of a unit, by its columns unit, name, level, kind, text and translation (and objective, scene, speaker, slot, show). Faults are told by row and column.',
  })
  @ApiConsumes(
    'application/json',
    'text/csv',
    'text/tab-separated-values',
    'application/x-ndjson',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  )
  @ApiBody({ schema: { oneOf: [{ type: 'object', additionalProperties: true }, { type: 'string' }] } })
  @Answers(PublishedAnswer)
  async publish(
    @Param('id') id: string,
    @Query() { title, language, from }: CourseHeadQuery,
    @Req() request: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PublishedSource & NotesTold> {
    checkSourceId(id);
    const json = jsonOf(request);
    const mediaType = mediaTypeOf(request.headers['content-type']);
    if (mediaType === 'application/json' && !Array.isArray(json) && !hasRows(json))
      return this.publishCourse.document(id, json);
    const said = {
      ...(title === undefined ? {} : { title }),
      ...(language === undefined ? {} : { language }),
      ...(from === undefined ? {} : { from }),
    };
    const notes = new TableNotes();
    const rows = this.files.read({ mediaType, body: request, json }, readerGone(response), notes);
    return { ...(await this.publishCourse.rows(id, said, rows)), ...notes.told() };
  }

  @Get()
  @ApiOperation({ summary: 'Courses with their latest version' })
  @Answers(CoursesAnswer)
  async list() {
    return { courses: await this.readSources.list('course') };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A version of a course with its units: id, or id@7' })
  @Answers(CourseAnswer)
  async show(@Param('id') id: string) {
    const course = await this.readSources.show('course', id);
    const units: Record<string, unknown>[] = [];
    for await (const { value } of this.readSources.rows('course', course)) units.push(value);
    return { ...course, units };
  }
}

function hasRows(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'rows' in json;
}
