import { Answers } from '@duofactory/platform';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { checkCourse } from '../app/check-course.js';
import { PublishSource, type PublishedSource } from '../app/publish-source.js';
import { ReadSources } from '../app/read-sources.js';
import { CourseAnswer, CoursesAnswer, PublishedAnswer } from './answers.js';

@ApiTags('course-data')
@Controller('api/course-data')
export class CourseDataController {
  constructor(
    private readonly publishSource: PublishSource,
    private readonly readSources: ReadSources,
  ) {}

  @Put(':id')
  @ApiOperation({ summary: 'Publish the curriculum of a course: the document of `kind: course`' })
  @ApiBody({ schema: { type: 'object', additionalProperties: true } })
  @Answers(PublishedAnswer)
  publish(@Param('id') id: string, @Body() body: unknown): Promise<PublishedSource> {
    return this.publishSource.course(checkCourse(id, body));
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
