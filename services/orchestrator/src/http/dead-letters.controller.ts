import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Answers, PageQuery, UuidPipe } from '@duofactory/platform';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsUUID } from 'class-validator';
import { DeadLetters, type Redriven, type ShownEnvelope } from '../app/dead-letters.js';
import { DeadLetterEnvelope, DeadLetterPage, Redriven as RedrivenAnswer } from './answers.js';

const MOST_AT_ONCE = 100;

export class RedriveBody {
  @ApiProperty({
    ...{ type: String, isArray: true, format: 'uuid', minItems: 1, maxItems: MOST_AT_ONCE },
    description: 'They are sent in this order',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_AT_ONCE)
  @IsUUID(undefined, { each: true })
  ids!: string[];
}

@ApiTags('dead-letters')
@Controller('api/dead-letters')
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Get()
  @ApiOperation({ summary: 'Messages that a service gave up on, newest first' })
  @Answers(DeadLetterPage)
  list(@Query() query: PageQuery): ReturnType<DeadLetters['list']> {
    return this.deadLetters.list(query);
  }

  @Post('redrives')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send several messages again, as they came',
    description:
      'One that is refused keeps none of the others back. What was sent again before is not sent twice.',
  })
  @Answers(RedrivenAnswer)
  redriveAll(@Body() { ids }: RedriveBody): Promise<Redriven> {
    return this.deadLetters.redriveAll(ids);
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
