import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@duofactory/platform';
import { ReadWorkflows } from '../app/read-workflows.js';
import { BlockTypes } from './answers.js';

@ApiTags('block-types')
@Controller('api/block-types')
export class BlockTypesController {
  constructor(private readonly readWorkflows: ReadWorkflows) {}

  @Get()
  @ApiOperation({ summary: 'Block types that services announced, with their manifests' })
  @Answers(BlockTypes)
  async list() {
    return { blockTypes: await this.readWorkflows.blockTypes() };
  }
}
