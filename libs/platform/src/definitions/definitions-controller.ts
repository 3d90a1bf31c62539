import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  ParseIntPipe,
  Post,
  Put,
  type InjectionToken,
  type Type,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { DefinitionLibrary, PublishedDefinition } from './definition-library.js';
import { LabelsBody, PublishDefinitionBody } from './definitions.dto.js';

/** The resource of a library under `/api/<resource>`; `library` is the token under which the module provides it. */
export function definitionsController(resource: string, library: InjectionToken): Type {
  @ApiTags(resource)
  @Controller(`api/${resource}`)
  class DefinitionsController {
    constructor(@Inject(library) private readonly library: DefinitionLibrary<{ id: string }>) {}

    @Get()
    @ApiOperation({ summary: `${resource} with their latest version`, operationId: `list-${resource}` })
    async list() {
      return { [resource]: await this.library.list() };
    }

    @Post('validate')
    @HttpCode(200)
    @ApiOperation({
      summary: 'Everything that can be known to be wrong with a definition',
      operationId: `validate-${resource}`,
    })
    validate(@Body() { definition }: PublishDefinitionBody) {
      return { errors: this.library.validate(definition) };
    }

    @Get(':id')
    @ApiOperation({
      summary: 'A version: id (the latest), id@7 or id@label',
      operationId: `show-${resource}`,
    })
    show(@Param('id') id: string) {
      return this.library.show(id);
    }

    @Get(':id/versions')
    @ApiOperation({ summary: 'Versions, newest first', operationId: `versions-of-${resource}` })
    async versions(@Param('id') id: string) {
      return { versions: await this.library.versions(id) };
    }

    @Post(':id/versions')
    @ApiOperation({
      summary: 'Publish; the same content again is the version that is there',
      operationId: `publish-${resource}`,
    })
    publish(
      @Param('id') id: string,
      @Body() { definition, note }: PublishDefinitionBody,
      @Headers('x-duofactory-user') author = 'local',
    ): Promise<PublishedDefinition> {
      return this.library.publish(id, { definition, author, ...(note === undefined ? {} : { note }) });
    }

    @Put(':id/versions/:version/labels')
    @ApiOperation({
      summary: 'Give a version labels; a label is on one version only',
      operationId: `label-${resource}`,
    })
    label(
      @Param('id') id: string,
      @Param('version', ParseIntPipe) version: number,
      @Body() { labels }: LabelsBody,
    ) {
      return this.library.label(id, version, labels);
    }
  }
  return DefinitionsController;
}
