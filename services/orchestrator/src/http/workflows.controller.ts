import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, KebabIdPipe, writtenIn } from '@duofactory/platform';
import { PublishWorkflow, type PublishedWorkflow } from '../app/workflows/publish-workflow.js';
import { ReadRuns, type RunWithBlocks } from '../app/history/read-runs.js';
import { ReadWorkflowUses, type WorkflowUses } from '../app/workflows/read-workflow-uses.js';
import { ReadWorkflows } from '../app/workflows/read-workflows.js';
import { ACTING_USER } from './acting-user.js';
import { LastRunsQuery, WorkflowDefinitionBody, VersionBody } from './workflows.dto.js';
import {
  DefinitionFaults,
  PublishedVersion,
  VersionList,
  WorkflowList,
  WorkflowRuns,
  WorkflowUses as WorkflowUsesAnswer,
  WorkflowVersion,
} from './answers.js';

@ApiTags('workflows')
@Controller('api/workflows')
export class WorkflowsController {
  constructor(
    private readonly publishWorkflow: PublishWorkflow,
    private readonly readWorkflows: ReadWorkflows,
    private readonly readRuns: ReadRuns,
    private readonly readWorkflowUses: ReadWorkflowUses,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Workflows with their latest version, and whether there is a draft' })
  @Answers(WorkflowList)
  async list() {
    return { workflows: await this.readWorkflows.list() };
  }

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Everything that can be known to be wrong with a definition' })
  @Answers(DefinitionFaults)
  async validate(@Body() { definition }: WorkflowDefinitionBody) {
    return { errors: await this.publishWorkflow.validate(definition) };
  }

  @Post(':id/versions')
  @ApiOperation({ summary: 'Publish a definition; the same content again is the version that is there' })
  @Answers(PublishedVersion, 201)
  @ApiHeader(ACTING_USER)
  publish(
    @Param('id') id: string,
    @Body() { note, ...body }: VersionBody,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<PublishedWorkflow> {
    const { definition, source } = writtenIn(body);
    const how = { by, ...(note === undefined ? {} : { note }), ...(source === undefined ? {} : { source }) };
    return this.publishWorkflow.publish(id, definition, how);
  }

  @Get(':id/versions')
  @ApiOperation({ summary: 'Versions, newest first; drafts that ran are among them, unpublished' })
  @Answers(VersionList)
  async versions(@Param('id') id: string) {
    return { versions: await this.readWorkflows.versions(id) };
  }

  @Get(':id/uses')
  @ApiOperation({
    summary:
      'Which workflows, schedules and triggers run it, and which open batches and runs stay with a version',
  })
  @Answers(WorkflowUsesAnswer)
  uses(@Param('id', KebabIdPipe) id: string): Promise<WorkflowUses> {
    return this.readWorkflowUses.execute(id);
  }

  @Get(':id/runs')
  @ApiOperation({ summary: 'Its last runs with the counters of their blocks, newest first' })
  @Answers(WorkflowRuns)
  async runs(@Param('id') id: string, @Query() { limit }: LastRunsQuery): Promise<{ runs: RunWithBlocks[] }> {
    return { runs: await this.readRuns.ofWorkflow(id, limit) };
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
