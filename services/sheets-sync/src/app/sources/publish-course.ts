import type { FieldError } from '@duofactory/platform';
import { checkCourse } from './check-course.js';
import { courseFromRows, type CourseHead } from './course-rows.js';
import type { TableStream } from '../tables/parse-table.js';
import type { PublishOptions, PublishSource, PublishedSource } from './publish-source.js';
import type { ReadSources } from './read-sources.js';
import { invalidSource } from './source-problems.js';

const HEAD = {
  title: 'what the course is called',
  language: 'the language that is learned, such as es',
  from: 'the language of the learner, such as en',
};

/** Course data as a document, or as rows of a file or of a spreadsheet. */
export class PublishCourse {
  constructor(
    private readonly publish: PublishSource,
    private readonly sources: ReadSources,
  ) {}

  /** Throws Problem `invalid-course`. */
  document(id: string, document: unknown, options?: PublishOptions): Promise<PublishedSource> {
    return this.publish.course(checkCourse(id, document), options);
  }

  /** What is not said of the course stays as its latest version has it. Throws Problem `invalid-course`, `missing-column`. */
  async rows(
    id: string,
    said: Partial<CourseHead>,
    rows: TableStream,
    options?: PublishOptions,
  ): Promise<PublishedSource> {
    const head = await this.#head(id, said);
    return this.document(id, await courseFromRows(id, head, rows), options);
  }

  async #head(id: string, said: Partial<CourseHead>): Promise<CourseHead> {
    const latest = await this.sources.find('course', id);
    const head = { ...(latest?.head as CourseHead | undefined), ...said };
    const missing: FieldError[] = Object.entries(HEAD)
      .filter(([field]) => !head[field as keyof CourseHead])
      .map(([field, what]) => ({ field, message: `Missing: ${what}` }));
    if (missing.length > 0)
      throw invalidSource(
        'invalid-course',
        missing.map(({ field, message }) => `${field}: ${message}`).join('; '),
        missing,
      );
    const { title, language, from } = head as CourseHead;
    return { title, language, from };
  }
}
