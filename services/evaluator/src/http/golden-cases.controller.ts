import {
  Body,
  Controller,
  Headers,
  Inject,
  Param,
  Post,
  type InjectionToken,
  type Type,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  KebabIdPipe,
  PublishedDefinitionAnswer,
  type DefinitionShelf,
  type PublishedDefinition,
} from '@duofactory/platform';
import { IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { casesFromCsv } from '../app/golden/cases-from-csv.js';

export class GoldenCasesBody {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The golden set without its cases',
  })
  @IsObject()
  definition!: Record<string, unknown>;

  @ApiProperty({
    description:
      'A sheet of cases: columns id, verdict (pass or fail) or verdict:<evaluator>, note; every other one a path such as script.lines',
  })
  @IsString()
  csv!: string;

  @ApiPropertyOptional({ description: 'What changed' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

/** `shelf`: the token of the golden sets. */
export function goldenCasesController(shelf: InjectionToken): Type {
  @ApiTags('golden-sets')
  @Controller('api/golden-sets')
  class GoldenCasesController {
    constructor(@Inject(shelf) private readonly goldenSets: DefinitionShelf) {}

    @Post(':id/sheet')
    @ApiOperation({
      summary: 'Publish a golden set whose cases come from a sheet',
      operationId: 'publish-golden-set-from-sheet',
    })
    @ApiHeader({ name: 'X-DuoFactory-User', required: false, description: 'The author; default: local' })
    @Answers(PublishedDefinitionAnswer, 201)
    publish(
      @Param('id', KebabIdPipe) id: string,
      @Body() { definition, csv, note }: GoldenCasesBody,
      @Headers('x-duofactory-user') author = 'local',
    ): Promise<PublishedDefinition> {
      const whole = { ...definition, cases: casesFromCsv(csv) };
      return this.goldenSets.library.publish(id, {
        ...{ definition: whole, author },
        ...(note === undefined ? {} : { note }),
      });
    }
  }
  return GoldenCasesController;
}
