import {
  Body,
  Controller,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  type InjectionToken,
  type Type,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  DefinitionDraftAnswer,
  KebabIdPipe,
  PublishedDefinitionAnswer,
  type DefinitionDraft,
  type DefinitionShelf,
  type PublishedDefinition,
} from '@duofactory/platform';
import type { GoldenCase } from '@duofactory/contracts';
import { IsIn, IsObject, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { casesFromCsv } from '../app/golden/cases-from-csv.js';
import { GoldenCases } from '../app/golden/golden-cases.js';

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
      'A sheet of cases: columns id, verdict (pass or fail) or verdict:<evaluator>, note, case:course, case:judgedOn; every other one a path such as script.lines',
  })
  @IsString()
  csv!: string;

  @ApiPropertyOptional({ description: 'What changed' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

export class GoldenCaseBody implements GoldenCase {
  @ApiProperty({ example: 'review-0e0e14051d', description: 'One of the same id is replaced' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,99}$/, { message: 'id must be small letters, digits and "-"' })
  id!: string;

  @ApiProperty({ enum: ['pass', 'fail'], description: 'Of a person, whichever evaluator is asked' })
  @IsIn(['pass', 'fail'])
  verdict!: 'pass' | 'fail';

  @ApiPropertyOptional({ description: 'Why, for those who come later' })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  note?: string;

  @ApiPropertyOptional({ description: 'The course that it is of', example: 'en-es' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  course?: string;

  @ApiPropertyOptional({ description: 'The day on which the person judged; default: today' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'judgedOn must be a day such as 2030-01-31' })
  judgedOn?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Results, inputs and variables as a block would see them, by name',
  })
  @IsObject()
  given!: Record<string, unknown>;
}

/** `shelf`: the token of the golden sets. */
export function goldenCasesController(shelf: InjectionToken): Type {
  @ApiTags('golden-sets')
  @Controller('api/golden-sets')
  class GoldenCasesController {
    constructor(
      @Inject(shelf) private readonly goldenSets: DefinitionShelf,
      private readonly goldenCases: GoldenCases,
    ) {}

    @Post(':id/draft/cases')
    @HttpCode(200)
    @ApiOperation({
      summary: 'Put a case into the draft of a golden set, which begins as the version that is published',
      operationId: 'add-golden-case',
    })
    @ApiHeader({ name: 'X-DuoFactory-User', required: false, description: 'The author; default: local' })
    @Answers(DefinitionDraftAnswer)
    add(
      @Param('id', KebabIdPipe) id: string,
      @Body() body: GoldenCaseBody,
      @Headers('x-duofactory-user') by = 'local',
    ): Promise<DefinitionDraft> {
      return this.goldenCases.add(id, { ...body }, by);
    }

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
