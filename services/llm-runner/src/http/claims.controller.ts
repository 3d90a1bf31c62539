import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Claims, type Answered } from '@duofactory/block-kit';
import { Answers } from '@duofactory/platform';
import { ClaimedRows, CountingAnswer, LostClaimAnswer, Renewed, StoredAnswers } from './answers.js';
import { AnswersBody, ClaimsBody, EndingBody, RenewalsBody, SecondAnswerBody } from './claims.dto.js';

/** The ledger for services that pay vendors of their own: what a process that holds the rows itself does with them. */
@ApiTags('ledger')
@Controller('api/ledger/claims')
export class ClaimsController {
  constructor(private readonly claims: Claims) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Claim paid effects, before they are caused',
    description:
      'Of the rows that are answered: `owner` is yours, cause it; `done`, its answer is there; `ambiguous`, a person decides; else another is at it, look again',
  })
  @Answers(ClaimedRows)
  async claim(@Body() { claims }: ClaimsBody) {
    const asked = claims.map(({ id, owner, ...of }) => ({ id, owner, of }));
    return { leaseMs: this.claims.leaseMs, rows: await this.claims.claim(asked) };
  }

  @Post('renewals')
  @HttpCode(200)
  @ApiOperation({ summary: 'Claims whose calls are still out: without it they run out' })
  @Answers(Renewed)
  async renew(@Body() { held }: RenewalsBody) {
    await this.claims.renew(new Map(held.map(({ id, owner }) => [id, owner])));
    return { leaseMs: this.claims.leaseMs };
  }

  @Post('answers')
  @HttpCode(200)
  @ApiOperation({ summary: 'Store answers, and what they cost. Not stored: another call was answered first' })
  @Answers(StoredAnswers)
  async record(@Body() { answers }: AnswersBody) {
    return { stored: await this.claims.record(answers.map(answered)) };
  }

  @Post('second-answers')
  @HttpCode(200)
  @ApiOperation({ summary: 'Count a call that was paid for although another was answered first' })
  @Answers(CountingAnswer)
  async second(@Body() { answer }: SecondAnswerBody) {
    return (await this.claims.recordSecond(answered(answer))) ?? { value: answer.value };
  }

  @Post('endings')
  @HttpCode(200)
  @ApiOperation({ summary: 'A call ended without an answer: before our eyes and unpaid, or unseen' })
  @Answers(LostClaimAnswer)
  async end(@Body() { id, owner, seen }: EndingBody) {
    if (!seen) return this.claims.lose(id, owner);
    await this.claims.release(id, owner);
    return { interrupted: 0, held: false };
  }
}

function answered({ id, owner, value, usage, requestId, late }: AnswersBody['answers'][number]): Answered {
  return { id, owner, value, usage, requestId, late };
}
