import { BlockFailure, RateLimiter, problemOfFailure } from '@duofactory/block-kit';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, Problem, UuidPipe } from '@duofactory/platform';
import { Budgets } from '../app/budgets.js';
import { EstimateRun } from '../app/estimate.js';
import { LeaseAnswer, RunEstimate, SettledLease } from './answers.js';
import { BudgetBody, EstimateBody, LeaseBody, RateLimitBody, SettlementBody } from './limits.dto.js';

const KEBAB = /^[a-z0-9][a-z0-9-]{0,99}$/;

@ApiTags('budgets')
@Controller('api/budgets')
export class BudgetsController {
  constructor(private readonly budgets: Budgets) {}

  @Get()
  @ApiOperation({ summary: 'Limits of what may be spent' })
  async list() {
    return { budgets: await this.budgets.list() };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A budget, with what was spent of it, last used first' })
  show(@Param('id') id: string) {
    return this.budgets.show(id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Set a budget; runs that the one before held go on' })
  put(
    @Param('id') id: string,
    @Body() { per, workflow = null!, run = null!, amount = null!, tokens = null! }: BudgetBody,
    @Headers('x-duofactory-user') user = 'local',
  ) {
    if (!KEBAB.test(id)) throw refused('id', 'The id must be in kebab-case, such as may-2026');
    if (amount === null && tokens === null)
      throw refused('amount', 'Say how much: amount in US dollars, tokens, or both');
    return this.budgets.put({ id, per, workflow, run, amount, tokens }, user);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a budget away; runs that it held go on' })
  delete(@Param('id') id: string) {
    return this.budgets.delete(id);
  }

  @Post('leases')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Before a vendor is paid for other things than models: hold what the call may cost',
    description: '409 budget-reached, with the hold that a block fails with, where no budget leaves room',
  })
  @Answers(LeaseAnswer)
  async lease(@Body() { call: id, name, amount, interrupted = [], ...purpose }: LeaseBody) {
    try {
      const expected = { model: name, amount, tokens: 0 };
      return { room: await this.budgets.tryLease({ id, interrupted, purpose }, expected) };
    } catch (error) {
      throw error instanceof BlockFailure ? problemOfFailure(error, 'The call may not be made') : error;
    }
  }

  @Post('leases/:call/settlement')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give a lease back and count what the call cost' })
  @Answers(SettledLease)
  async settle(@Param('call', UuidPipe) call: string, @Body() { amount }: SettlementBody) {
    await this.budgets.settle(call, { amount, tokens: 0 });
    return { call };
  }
}

@ApiTags('rate-limits')
@Controller('api/rate-limits')
export class RateLimitsController {
  constructor(private readonly limiter: RateLimiter) {}

  @Get()
  @ApiOperation({ summary: 'Requests and tokens a minute: as set, and as used now for each model and key' })
  list() {
    return this.limiter.list();
  }

  @Put(':model')
  @HttpCode(200)
  @ApiOperation({
    summary: "Set the limits of a model, for each key; what a vendor's refusal blocks goes on",
  })
  async put(@Param('model') model: string, @Body() { requests, tokens }: RateLimitBody) {
    if (requests === undefined && tokens === undefined)
      throw refused('requests', 'Say how much: requests or tokens a minute, or both');
    if (model.includes('\0')) throw refused('model', 'A model has no such name');
    const limit = { model, requests: requests ?? null, tokens: tokens ?? null };
    await this.limiter.put(limit);
    return limit;
  }

  @Delete(':model')
  @HttpCode(204)
  @ApiOperation({ summary: "Leave a model to the vendor's own limits; what its refusal blocks goes on" })
  delete(@Param('model') model: string) {
    return this.limiter.delete(model);
  }
}

@ApiTags('ledger')
@Controller('api/ledger/estimates')
export class EstimatesController {
  constructor(private readonly estimate: EstimateRun) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'What a run will cost: from past runs of its blocks, else from its prompts' })
  @Answers(RunEstimate)
  execute(@Body() { workflow, inputs = {}, blocks }: EstimateBody): ReturnType<EstimateRun['execute']> {
    return this.estimate.execute({ workflow, inputs, blocks });
  }
}

function refused(field: string, message: string): Problem {
  return new Problem({
    status: 422,
    code: 'invalid-limit',
    title: 'The limit is refused',
    detail: message,
    errors: [{ field, message }],
  });
}
