import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Answers } from '@duofactory/platform';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, MaxLength } from 'class-validator';
import { Type } from 'typebox';
import { AsksModel } from '../app/asks-model.js';

const MOST_JUDGES = 500;
const REFERENCE = /^[a-z0-9][a-z0-9-]{0,99}(@[a-z0-9-]{1,100})?$/;

class JudgesBody {
  @ApiProperty({
    ...{ type: [String], minItems: 1, maxItems: MOST_JUDGES },
    example: ['naturalness', 'level@2'],
    description: 'id (the latest), id@7 or id@label',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_JUDGES)
  @IsString({ each: true })
  @MaxLength(201, { each: true })
  evaluators!: string[];
}

const Judges = Type.Object(
  {
    evaluators: Type.Array(
      Type.Object({
        evaluator: Type.String(),
        asksModel: Type.Union([Type.Boolean(), Type.Null()], {
          description:
            'By itself or by those that it holds; false: rules alone judge, which cost nothing; null: it, or one of them, is not published',
        }),
      }),
      { description: 'In the order in which they were named' },
    ),
  },
  { title: 'Judges' },
);

@ApiTags('evaluators')
@Controller('api/evaluators/judges')
export class JudgesController {
  constructor(private readonly asksModel: AsksModel) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Which of several evaluators ask a model', operationId: 'read-judges' })
  @Answers(Judges)
  async read(@Body() { evaluators }: JudgesBody) {
    const told = evaluators.map(async (evaluator) => ({
      evaluator,
      // What is no reference is none that is published.
      asksModel: (REFERENCE.test(evaluator) ? await this.asksModel.execute(evaluator) : undefined) ?? null,
    }));
    return { evaluators: await Promise.all(told) };
  }
}
