import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@duofactory/platform';
import { PublishWorkflow, type PublishedWorkflow } from '../app/publish-workflow.js';
import { ReadWorkflows } from '../app/read-workflows.js';
import { DefinitionBody } from './workflows.dto.js';
import { DefinitionFaults, PublishedVersion, WorkflowList, WorkflowVersion } from './answers.js';

@ApiTags('workflows')
@Controller('api/workflows')
export class WorkflowsController {
  constructor(
    private readonly publishWorkflow: PublishWorkflow,
    private readonly readWorkflows: ReadWorkflows,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Workflows with their latest version' })
  @Answers(WorkflowList)
  async list() {
    return { workflows: await this.readWorkflows.list() };
  }

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Everything that can be known to be wrong with a definition' })
  @Answers(DefinitionFaults)
  async validate(@Body() { definition }: DefinitionBody) {
    return { errors: await this.publishWorkflow.validate(definition) };
  }

  @Post(':id/versions')
  @ApiOperation({ summary: 'Publish a definition; the same content again is the version that is there' })
  @Answers(PublishedVersion, 201)
  publish(@Param('id') id: string, @Body() { definition }: DefinitionBody): Promise<PublishedWorkflow> {
    return this.publishWorkflow.publish(id, definition);
  }

  @Get(':id')
  @ApiOperation({ summary: 'The latest version of a workflow' })
  @Answers(WorkflowVersion)
  show(@Param('id') id: string) {
    return this.readWorkflows.show(id);
  }

  @Get(':id/versions/:version')
  @ApiOperation({ summary: 'A version of a workflow' })
  @Answers(WorkflowVersion)
  version(@Param('id') id: string, @Param('version') version: string) {
    return this.readWorkflows.show(id, version);
  }
}
