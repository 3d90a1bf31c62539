import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReadWorkflows } from '../app/read-workflows.js';

@ApiTags('block-types')
@Controller('api/block-types')
export class BlockTypesController {
  constructor(private readonly readWorkflows: ReadWorkflows) {}

  @Get()
  @ApiOperation({ summary: 'Block types that services announced, with their manifests' })
  async list() {
    return { blockTypes: await this.readWorkflows.blockTypes() };
  }
}
