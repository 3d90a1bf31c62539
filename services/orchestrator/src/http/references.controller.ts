import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, KebabIdPipe } from '@duofactory/platform';
import { ReadPastInputs, type PastInput } from '../app/history/read-past-inputs.js';
import { ReadUses, type ReferenceUses } from '../app/workflows/read-uses.js';
import { PastInputPage, ReferenceUsesAnswer } from './references.answers.js';
import { PastInputsQuery } from './references.dto.js';

@ApiTags('references')
@Controller('api/references')
export class ReferencesController {
  constructor(
    private readonly readUses: ReadUses,
    private readonly readPastInputs: ReadPastInputs,
  ) {}

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

  @Get(':kind/:id/inputs')
  @ApiOperation({
    summary:
      'What the blocks that use it were given: real inputs to try a change on, of the newest runs or the worst score first',
  })
  @Answers(PastInputPage)
  inputs(
    @Param('kind', KebabIdPipe) kind: string,
    @Param('id', KebabIdPipe) id: string,
    @Query() { workflow, find, cursor, limit, order, maxScore }: PastInputsQuery,
  ): Promise<{ inputs: PastInput[]; next?: string }> {
    return order === 'worst'
      ? this.readPastInputs.worst({ kind, id, workflow, find, maxScore, limit })
      : this.readPastInputs.execute({ kind, id, workflow, find, cursor, limit });
  }
}
