import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  ParseIntPipe,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  DraftChangesAnswer,
  DraftRevisions,
  KebabIdPipe,
  PageQuery,
  decodeCursor,
  encodeCursor,
  expectedRevision,
  writtenIn,
} from '@duofactory/platform';
import type { Response } from 'express';
import { Type } from 'typebox';
import { Drafts, type Draft } from '../app/workflows/drafts.js';
import type { PublishedWorkflow } from '../app/workflows/publish-workflow.js';
import { ACTING_USER } from './acting-user.js';
import { PublishedVersion, WorkflowDraft, WorkflowRevision } from './answers.js';
import { NoteBody, WorkflowBody } from './workflows.dto.js';

const IF_MATCH = { name: 'If-Match', required: false, description: 'The ETag of the draft that you changed' };
const Position = Type.Object({ revision: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }) });

@ApiTags('workflows')
@Controller('api/workflows/:id/draft')
export class DraftsController {
  constructor(private readonly drafts: Drafts) {}

  @Get()
  @ApiOperation({ summary: 'The draft of a workflow, with what is wrong with it' })
  @Answers(WorkflowDraft)
  async show(
    @Param('id', KebabIdPipe) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Draft> {
    return tagged(response, await this.drafts.show(id));
  }

  @Put()
  @ApiOperation({ summary: 'Save a draft; it may be incomplete, and the answer says what is wrong with it' })
  @ApiHeader(IF_MATCH)
  @ApiHeader({ name: 'If-None-Match', required: false, description: '`*`: begin one where there is none' })
  @ApiHeader(ACTING_USER)
  @Answers(WorkflowDraft)
  async save(
    @Param('id', KebabIdPipe) id: string,
    @Body() body: WorkflowBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Draft> {
    const expected = expectedRevision(ifMatch, ifNoneMatch);
    return tagged(response, await this.drafts.save(id, { ...writtenIn(body), expected, by }));
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete the draft; versions and runs stay' })
  @ApiHeader(IF_MATCH)
  async delete(
    @Param('id', KebabIdPipe) id: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.drafts.delete(id, expectedRevision(ifMatch));
  }

  @Get('changes')
  @ApiOperation({ summary: 'Who changed what since the version that is published: each author in turn' })
  @Answers(DraftChangesAnswer)
  changes(@Param('id', KebabIdPipe) id: string) {
    return this.drafts.changes(id);
  }

  @Get('revisions')
  @ApiOperation({ summary: 'What was saved, newest first, and what became a version' })
  @Answers(DraftRevisions)
  async revisions(@Param('id', KebabIdPipe) id: string, @Query() { cursor, limit }: PageQuery) {
    const before = cursor === undefined ? undefined : decodeCursor(cursor, Position).revision;
    const found = await this.drafts.revisions(id, { before, limit: limit + 1 });
    const revisions = found.slice(0, limit);
    const next = found.length > limit ? { next: encodeCursor({ revision: revisions.at(-1)!.revision }) } : {};
    return { revisions, ...next };
  }

  @Get('revisions/:revision')
  @ApiOperation({ summary: 'A draft as it was saved once; PUT it to restore it' })
  @Answers(WorkflowRevision)
  revision(@Param('id', KebabIdPipe) id: string, @Param('revision', ParseIntPipe) revision: number) {
    return this.drafts.revision(id, Math.min(revision, Number.MAX_SAFE_INTEGER));
  }

  @Post('publish')
  @HttpCode(200)
  @ApiOperation({ summary: 'Make the draft the next version; asked again, it is the version that it became' })
  @ApiHeader(IF_MATCH)
  @ApiHeader(ACTING_USER)
  @Answers(PublishedVersion)
  publish(
    @Param('id', KebabIdPipe) id: string,
    @Body() { note }: NoteBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<PublishedWorkflow> {
    const expected = expectedRevision(ifMatch);
    return this.drafts.publish(id, { expected, by, ...(note === undefined ? {} : { note }) });
  }
}

function tagged(response: Response, draft: Draft): Draft {
  response.setHeader('etag', `"${draft.revision}"`);
  return draft;
}
