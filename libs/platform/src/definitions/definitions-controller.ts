import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  type InjectionToken,
  type Type,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Type as T, type TSchema } from 'typebox';
import { Answers } from '../http/answers.js';
import { KebabIdPipe } from '../http/kebab-id.pipe.js';
import { diffDefinitions } from './definition-diff.js';
import type { DefinitionDrafts } from './definition-drafts.js';
import type { DefinitionLibrary, PublishedDefinition } from './definition-library.js';
import {
  DefinitionDiffAnswer,
  DefinitionErrors,
  DefinitionSummaryAnswer,
  DefinitionVersions,
  PublishedDefinitionAnswer,
  versionAnswer,
} from './definitions-answers.js';
import { DefinitionBody, DiffQuery, LabelBody, PublishDefinitionBody, writtenIn } from './definitions.dto.js';
import { LabelPipe } from './label.pipe.js';
import { definitionDraftsController } from './drafts-controller.js';

/** A library and its drafts, as controllers use them. */
export interface DefinitionShelf {
  readonly library: DefinitionLibrary<{ readonly id: string }>;
  readonly drafts: DefinitionDrafts<{ readonly id: string }>;
}

/** The resources of a library under `/api/<resource>`; `shelf` is the token under which the module provides it. */
export function definitionsControllers(of: {
  resource: string;
  /** With a `title`. */
  schema: TSchema;
  shelf: InjectionToken;
}): Type[] {
  return [definitionDraftsController(of), definitionsController(of)];
}

function definitionsController({
  resource,
  schema,
  shelf,
}: {
  resource: string;
  schema: TSchema;
  shelf: InjectionToken;
}): Type {
  const VersionAnswer = versionAnswer((schema as { title?: string }).title!, schema);
  const ListAnswer = T.Object({ [resource]: T.Array(DefinitionSummaryAnswer) });

  @ApiTags(resource)
  @Controller(`api/${resource}`)
  class DefinitionsController {
    constructor(@Inject(shelf) private readonly shelf: DefinitionShelf) {}

    @Get()
    @ApiOperation({
      summary: `${resource} with their latest version and labels, and whether there is a draft`,
      operationId: `list-${resource}`,
    })
    @Answers(ListAnswer)
    async list() {
      return { [resource]: await this.shelf.library.list() };
    }

    @Post('validate')
    @HttpCode(200)
    @ApiOperation({
      summary: 'Everything that can be known to be wrong with a definition',
      operationId: `validate-${resource}`,
    })
    @Answers(DefinitionErrors)
    validate(@Body() body: DefinitionBody) {
      return { errors: this.shelf.library.validate(writtenIn(body).definition) };
    }

    @Get(':id')
    @ApiOperation({
      summary: 'A version: id (the latest), id@7 or id@label',
      operationId: `show-${resource}`,
    })
    @Answers(VersionAnswer)
    async show(@Param('id') reference: string) {
      const { library } = this.shelf;
      const version = await library.show(reference);
      const variables = library.of.variables(version.definition);
      return { ...version, yaml: await library.yamlOf(version), variables };
    }

    @Get(':id/yaml')
    @Header('content-type', 'application/yaml; charset=utf-8')
    @ApiProduces('application/yaml')
    @ApiOperation({
      summary: 'A version as a content file, with its comments; read again it has the same hash',
      operationId: `yaml-of-${resource}`,
    })
    async yaml(@Param('id') reference: string): Promise<string> {
      const { library } = this.shelf;
      return library.yamlOf(await library.show(reference));
    }

    @Get(':id/versions')
    @ApiOperation({ summary: 'Versions, newest first', operationId: `versions-of-${resource}` })
    @Answers(DefinitionVersions)
    async versions(@Param('id') id: string) {
      return { versions: await this.shelf.library.versions(id) };
    }

    @Post(':id/versions')
    @ApiOperation({
      summary: 'Publish; the same content again is the version that is there',
      operationId: `publish-${resource}`,
    })
    @ApiHeader({ name: 'X-DuoFactory-User', required: false, description: 'The author; default: local' })
    @Answers(PublishedDefinitionAnswer, 201)
    publish(
      @Param('id') id: string,
      @Body() { note, ...body }: PublishDefinitionBody,
      @Headers('x-duofactory-user') author = 'local',
    ): Promise<PublishedDefinition> {
      const written = { ...writtenIn(body), author, ...(note === undefined ? {} : { note }) };
      return this.shelf.library.publish(id, written);
    }

    @Get(':id/diff')
    @ApiOperation({
      summary: 'What differs between two versions, or a version and the draft: fields, steps, words',
      operationId: `diff-${resource}`,
    })
    @Answers(DefinitionDiffAnswer)
    async diff(@Param('id', KebabIdPipe) id: string, @Query() { from, to }: DiffQuery) {
      const [before, after] = await Promise.all([this.#definition(id, from), this.#definition(id, to)]);
      const changes = diffDefinitions(before, after);
      return { id, from, to, same: changes.length === 0, changes };
    }

    @Put(':id/labels/:label')
    @HttpCode(200)
    @ApiOperation({
      summary: 'Give a version a label; the version that had it loses it',
      operationId: `label-${resource}`,
    })
    @Answers(DefinitionVersions)
    async label(
      @Param('id', KebabIdPipe) id: string,
      @Param('label', LabelPipe) label: string,
      @Body() { version }: LabelBody,
    ) {
      await this.shelf.library.label(id, label, version);
      return this.versions(id);
    }

    @Delete(':id/labels/:label')
    @HttpCode(200)
    @ApiOperation({ summary: 'Take a label away', operationId: `unlabel-${resource}` })
    @Answers(DefinitionVersions)
    async unlabel(@Param('id', KebabIdPipe) id: string, @Param('label', LabelPipe) label: string) {
      await this.shelf.library.label(id, label, null);
      return this.versions(id);
    }

    async #definition(id: string, which: string): Promise<unknown> {
      if (which === 'draft') return (await this.shelf.drafts.show(id)).definition;
      return (await this.shelf.library.show(`${id}@${which}`)).definition;
    }
  }
  return DefinitionsController;
}
