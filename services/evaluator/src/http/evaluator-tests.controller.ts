import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, UuidPipe } from '@duofactory/platform';
import { EvaluatorTests, type TestRow } from '../app/golden/evaluator-tests.js';
import {
  EvaluatorAgreement,
  EvaluatorTest,
  EvaluatorTestPage,
  EvaluatorTestReport,
} from './evaluator-tests.answers.js';
import { AgreementQuery, TestCasesBody, TestsQuery } from './evaluator-tests.dto.js';

@ApiTags('evaluator-tests')
@Controller('api/evaluator-tests')
export class EvaluatorTestsController {
  constructor(private readonly tests: EvaluatorTests) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Test evaluators, or versions of one, against a golden set; GET the test until it is done',
    operationId: 'batch_run_test_cases',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key again: the same test',
  })
  @ApiHeader({ name: 'X-DuoFactory-User', required: false, description: 'Who it is; default: local' })
  @Answers(EvaluatorTest, 202)
  request(
    @Body() { goldenSet, evaluators, repeats }: TestCasesBody,
    @Headers('idempotency-key') key: string | undefined,
    @Headers('x-duofactory-user') author = 'local',
  ): Promise<TestRow> {
    return this.tests.request({
      ...{ goldenSet, repeats, author },
      ...(evaluators === undefined ? {} : { evaluators }),
      ...(key === undefined ? {} : { key }),
    });
  }

  @Get()
  @ApiOperation({ summary: 'Tests of evaluators, newest first', operationId: 'list-evaluator-tests' })
  @Answers(EvaluatorTestPage)
  list(@Query() { goldenSet, cursor, limit }: TestsQuery) {
    return this.tests.list({ goldenSet, cursor, limit });
  }

  @Get(':id')
  @ApiOperation({
    summary: 'A test: agreement, confusion, what flipped, what it cost, and every case',
    operationId: 'show-evaluator-test',
  })
  @Answers(EvaluatorTestReport)
  show(@Param('id', UuidPipe) id: string) {
    return this.tests.show(id);
  }

  @Get(':id/agreement')
  @ApiOperation({
    summary: 'What an evaluator of the test would say with another threshold; nothing is asked again',
    operationId: 'agreement-of-evaluator-test',
  })
  @Answers(EvaluatorAgreement)
  agreement(@Param('id', UuidPipe) id: string, @Query() { evaluator, passAt }: AgreementQuery) {
    return this.tests.agreementAt(id, { evaluator, passAt });
  }
}
