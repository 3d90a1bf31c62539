import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@duofactory/platform';
import { ReadLedger } from '../app/read-ledger.js';
import { ResolveCall } from '../app/resolve-call.js';
import { LedgerCall as LedgerCallAnswer, LedgerCalls, LedgerSums } from './answers.js';
import { LedgerCallsQuery, LedgerQuery, ResolutionBody } from './ledger.dto.js';

@ApiTags('ledger')
@Controller('api/ledger')
export class LedgerController {
  constructor(
    private readonly ledger: ReadLedger,
    private readonly resolveCall: ResolveCall,
  ) {}

  @Get()
  @ApiOperation({
    summary:
      'What each run, workflow, block, prompt version, model, voice, engine, kind or day cost and saved',
    description: 'Models and paid speech alike; kind=model or kind=speech leaves the other out',
  })
  @Answers(LedgerSums)
  sums(@Query() { by, cursor, limit, ...filter }: LedgerQuery): ReturnType<ReadLedger['sums']> {
    return this.ledger.sums({ by, filter, limit, ...(cursor === undefined ? {} : { cursor }) });
  }

  @Get('calls')
  @ApiOperation({ summary: 'Calls, newest first; with state=ambiguous those whose end nobody saw' })
  @Answers(LedgerCalls)
  calls(@Query() { state, cursor, limit, ...filter }: LedgerCallsQuery): ReturnType<ReadLedger['calls']> {
    return this.ledger.calls({
      ...{ filter, limit },
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { cursor }),
    });
  }

  @Get('calls/:id')
  @ApiOperation({ summary: 'A call' })
  @Answers(LedgerCallAnswer)
  call(@Param('id') id: string): ReturnType<ReadLedger['call']> {
    return this.ledger.call(id);
  }

  @Post('calls/:id/resolution')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decide about an ambiguous call; runs that wait for it go on' })
  @Answers(LedgerCallAnswer)
  async resolve(
    @Param('id') id: string,
    @Body() { decision, text }: ResolutionBody,
  ): ReturnType<ReadLedger['call']> {
    await (decision === 'answer' ? this.resolveCall.answer(id, text!) : this.resolveCall.retry(id));
    return this.ledger.call(id);
  }
}
