import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, PageQuery, UuidPipe } from '@duofactory/platform';
import { DeadLetters, type ShownEnvelope } from '../app/dead-letters.js';
import { DeadLetterEnvelope, DeadLetterPage } from './answers.js';

@ApiTags('dead-letters')
@Controller('api/dead-letters')
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Get()
  @ApiOperation({ summary: 'Messages that a service gave up on, oldest first' })
  @Answers(DeadLetterPage)
  list(@Query() query: PageQuery): ReturnType<DeadLetters['list']> {
    return this.deadLetters.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A message as it came, and why it was parked' })
  @Answers(DeadLetterEnvelope)
  show(@Param('id', UuidPipe) id: string): Promise<ShownEnvelope> {
    return this.deadLetters.show(id);
  }

  @Post(':id/redrive')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send the message again, as it came' })
  @Answers(DeadLetterEnvelope, 202)
  async redrive(@Param('id', UuidPipe) id: string): Promise<ShownEnvelope> {
    await this.deadLetters.redrive(id);
    return this.deadLetters.show(id);
  }
}
