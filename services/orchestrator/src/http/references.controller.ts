import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, KebabIdPipe } from '@duofactory/platform';
import { ReadUses, type ReferenceUses } from '../app/read-uses.js';
import { ReferenceUsesAnswer } from './references.answers.js';

@ApiTags('references')
@Controller('api/references')
export class ReferencesController {
  constructor(private readonly readUses: ReadUses) {}

  @Get(':kind/:id/uses')
  @ApiOperation({
    summary:
      'Where a prompt, an evaluator, a table or a course is used, and which open runs stay with a version',
  })
  @Answers(ReferenceUsesAnswer)
  uses(
    @Param('kind', KebabIdPipe) kind: string,
    @Param('id', KebabIdPipe) id: string,
  ): Promise<ReferenceUses> {
    return this.readUses.execute(kind, id);
  }
}
