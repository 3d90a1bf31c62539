import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  ParseIntPipe,
  Post,
  Put,
  Query,
  Res,
  type InjectionToken,
  type Type,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Type as T } from 'typebox';
import { Answers } from '../http/answers.js';
import { expectedRevision } from '../http/expected-revision.js';
import { KebabIdPipe } from '../http/kebab-id.pipe.js';
import { PageQuery, decodeCursor, encodeCursor } from '../http/page.js';
import type { DefinitionDraft, DraftChanges } from './definition-drafts.js';
import type { PublishedDefinition } from './definition-library.js';
import {
  DefinitionDraftAnswer,
  DraftChangesAnswer,
  DraftRevisionAnswer,
  DraftRevisions,
  PublishedDefinitionAnswer,
} from './definitions-answers.js';
import type { DefinitionShelf } from './definitions-controller.js';
import { DefinitionBody, PublishDraftBody, RestoreBody, writtenIn } from './definitions.dto.js';

const IF_MATCH = { name: 'If-Match', required: false, description: 'The ETag of the draft that you changed' };
const IF_NONE_MATCH = {
  name: 'If-None-Match',
  required: false,
  description: '`*`: begin one where there is none',
};
const AUTHOR = { name: 'X-DuoFactory-User', required: false, description: 'Who it is; default: local' };
const Position = T.Object({ revision: T.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }) });

/** `/api/<resource>/:id/draft`. */
export function definitionDraftsController(of: { resource: string; shelf: InjectionToken }): Type {
  const { resource, shelf } = of;

  @ApiTags(resource)
  @Controller(`api/${resource}/:id/draft`)
  class DefinitionDraftsController {
    constructor(@Inject(shelf) private readonly shelf: DefinitionShelf) {}

    @Get()
    @ApiOperation({
      summary: 'The draft, with what is wrong with it and the variables that it reads',
      operationId: `draft-of-${resource}`,
    })
    @Answers(DefinitionDraftAnswer)
    async show(
      @Param('id', KebabIdPipe) id: string,
      @Res({ passthrough: true }) response: Response,
    ): Promise<DefinitionDraft> {
      return tagged(response, await this.shelf.drafts.show(id));
    }

    @Put()
    @ApiOperation({
      summary: 'Save a draft; it may be incomplete, and the answer says what is wrong with it',
      operationId: `save-draft-of-${resource}`,
    })
    @ApiHeader(IF_MATCH)
    @ApiHeader(IF_NONE_MATCH)
    @ApiHeader(AUTHOR)
    @Answers(DefinitionDraftAnswer)
    async save(
      @Param('id', KebabIdPipe) id: string,
      @Body() body: DefinitionBody,
      @Headers('if-match') ifMatch: string | undefined,
      @Headers('if-none-match') ifNoneMatch: string | undefined,
      @Res({ passthrough: true }) response: Response,
      @Headers('x-duofactory-user') by = 'local',
    ): Promise<DefinitionDraft> {
      const expected = expectedRevision(ifMatch, ifNoneMatch);
      return tagged(response, await this.shelf.drafts.save(id, { ...writtenIn(body), expected, by }));
    }

    @Delete()
    @HttpCode(204)
    @ApiOperation({
      summary: 'Delete the draft; what was saved can be restored',
      operationId: `delete-draft-of-${resource}`,
    })
    @ApiHeader(IF_MATCH)
    async delete(
      @Param('id', KebabIdPipe) id: string,
      @Headers('if-match') ifMatch: string | undefined,
    ): Promise<void> {
      await this.shelf.drafts.delete(id, expectedRevision(ifMatch));
    }

    @Post('publish')
    @HttpCode(200)
    @ApiOperation({
      summary: 'Make the draft the next version; asked again, it is the version that it became',
      operationId: `publish-draft-of-${resource}`,
    })
    @ApiHeader(IF_MATCH)
    @ApiHeader(AUTHOR)
    @Answers(PublishedDefinitionAnswer)
    publish(
      @Param('id', KebabIdPipe) id: string,
      @Body() { note }: PublishDraftBody,
      @Headers('if-match') ifMatch: string | undefined,
      @Headers('x-duofactory-user') by = 'local',
    ): Promise<PublishedDefinition> {
      const expected = expectedRevision(ifMatch);
      return this.shelf.drafts.publish(id, { expected, by, ...(note === undefined ? {} : { note }) });
    }

    @Get('changes')
    @ApiOperation({
      summary: 'Who changed what since the version that is published: each author in turn',
      operationId: `changes-of-draft-of-${resource}`,
    })
    @Answers(DraftChangesAnswer)
    changes(@Param('id', KebabIdPipe) id: string): Promise<DraftChanges> {
      return this.shelf.drafts.changes(id);
    }

    @Get('revisions')
    @ApiOperation({
      summary: 'What was saved, newest first, and what became a version',
      operationId: `revisions-of-${resource}`,
    })
    @Answers(DraftRevisions)
    async revisions(@Param('id', KebabIdPipe) id: string, @Query() { cursor, limit }: PageQuery) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, Position).revision;
      const found = await this.shelf.drafts.revisions(id, { before, limit: limit + 1 });
      const revisions = found.slice(0, limit);
      const next =
        found.length > limit ? { next: encodeCursor({ revision: revisions.at(-1)!.revision }) } : {};
      return { revisions, ...next };
    }

    @Get('revisions/:revision')
    @ApiOperation({ summary: 'A draft as it was saved once', operationId: `revision-of-${resource}` })
    @Answers(DraftRevisionAnswer)
    revision(@Param('id', KebabIdPipe) id: string, @Param('revision', ParseIntPipe) revision: number) {
      return this.shelf.drafts.revision(id, Math.min(revision, Number.MAX_SAFE_INTEGER));
    }

    @Post('restore')
    @HttpCode(200)
    @ApiOperation({
      summary: 'Make the draft what it was at a revision: saved as a revision more',
      operationId: `restore-draft-of-${resource}`,
    })
    @ApiHeader(IF_MATCH)
    @ApiHeader(IF_NONE_MATCH)
    @ApiHeader(AUTHOR)
    @Answers(DefinitionDraftAnswer)
    async restore(
      @Param('id', KebabIdPipe) id: string,
      @Body() { revision }: RestoreBody,
      @Headers('if-match') ifMatch: string | undefined,
      @Headers('if-none-match') ifNoneMatch: string | undefined,
      @Res({ passthrough: true }) response: Response,
      @Headers('x-duofactory-user') by = 'local',
    ): Promise<DefinitionDraft> {
      const expected = expectedRevision(ifMatch, ifNoneMatch);
      return tagged(response, await this.shelf.drafts.restore(id, { revision, expected, by }));
    }
  }
  return DefinitionDraftsController;
}

function tagged(response: Response, draft: DefinitionDraft): DefinitionDraft {
  response.setHeader('etag', `"${draft.revision}"`);
  return draft;
}
