import { USER_NAME } from '@duofactory/contracts';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, UuidPipe } from '@duofactory/platform';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CLAIM_SECONDS, Reviews, type Review } from '../app/reviews/reviews.js';
import { ACTING_USER } from './acting-user.js';
import { Review as ReviewAnswer, ReviewList, ReviewQueue } from './answers.js';

export class ListReviewsQuery {
  @ApiPropertyOptional({ description: 'Those that this person may decide' })
  @IsOptional()
  @IsString()
  assignee?: string;

  @ApiPropertyOptional({ default: 100, minimum: 1, maximum: 500 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 100;
}

export class AssigneesBody {
  @ApiProperty({ type: String, isArray: true, maxItems: 20, description: 'Who may decide; none: everybody' })
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Matches(USER_NAME, {
    each: true,
    message: 'assignees must be names of letters, digits and . _ @ + -, at most 60 characters each',
  })
  assignees!: string[];
}

export class QueueQuery extends ListReviewsQuery {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'With `assignee`: only those that name this person, not what everybody may decide',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean({ message: 'assigned must be true or false' })
  assigned?: boolean;

  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  cursor?: string;
}

export class ClaimQuery {
  @ApiPropertyOptional({ default: CLAIM_SECONDS, minimum: 10, maximum: CLAIM_SECONDS })
  @Type(() => Number)
  @IsInt()
  @Min(10)
  @Max(CLAIM_SECONDS)
  seconds: number = CLAIM_SECONDS;
}

/** What is decided. */
class DecisionFields {
  @ApiProperty({ enum: ['approve', 'reject'] })
  @IsIn(['approve', 'reject'])
  decision!: 'approve' | 'reject';

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(4000)
  comment?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'The edited result' })
  @IsOptional()
  @IsObject()
  edits?: Record<string, unknown>;
}

export class DecisionBody extends DecisionFields {
  @ApiPropertyOptional({
    ...{ default: 0, minimum: 0, maximum: 60 },
    description: 'So many seconds the decision may be taken back; then it holds',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(60)
  undoableSeconds?: number;
}

export class OneDecisionBody extends DecisionFields {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  task!: string;
}

export class DecisionsBody {
  @ApiProperty({ type: OneDecisionBody, isArray: true, minItems: 1, maxItems: 10 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ArrayUnique(({ task }: OneDecisionBody) => task)
  @ValidateNested({ each: true })
  @Type(() => OneDecisionBody)
  decisions!: OneDecisionBody[];

  @ApiPropertyOptional({
    ...{ default: 10, minimum: 1, maximum: 60 },
    description: 'So many seconds each may be taken back; then they hold',
  })
  @IsInt()
  @Min(1)
  @Max(60)
  undoableSeconds: number = 10;
}

@ApiTags('reviews')
@Controller('api/reviews')
export class ReviewsController {
  constructor(private readonly reviews: Reviews) {}

  @Get()
  @ApiOperation({ summary: 'Open reviews, oldest first' })
  @Answers(ReviewList)
  async list(@Query() { assignee, limit }: ListReviewsQuery): Promise<{ reviews: Review[] }> {
    return { reviews: await this.reviews.list(assignee, limit) };
  }

  @Get('queue')
  @ApiOperation({
    summary: 'What waits, oldest first, without what is to be decided about, and how much that is',
  })
  @Answers(ReviewQueue)
  queue(@Query() { assignee, assigned, cursor, limit }: QueueQuery) {
    return this.reviews.queue({
      ...(assignee === undefined ? {} : { assignee }),
      ...(assigned === undefined ? {} : { assigned }),
      ...(cursor === undefined ? {} : { cursor }),
      limit,
    });
  }

  @Post('decisions')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decide about several at once: about all, or about none' })
  @ApiHeader(ACTING_USER)
  @Answers(ReviewList)
  async decideTogether(
    @Body() { decisions, undoableSeconds }: DecisionsBody,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<{ reviews: Review[] }> {
    await this.reviews.decideTogether(decisions, by, undoableSeconds * 1000);
    return { reviews: await Promise.all(decisions.map(({ task }) => this.reviews.show(task))) };
  }

  @Get(':task')
  @ApiOperation({ summary: 'A review with what is to be decided about' })
  @Answers(ReviewAnswer)
  show(@Param('task', UuidPipe) task: string): Promise<Review> {
    return this.reviews.show(task);
  }

  @Post(':task/decision')
  @HttpCode(200)
  @ApiOperation({ summary: 'Approve, so that the payload goes on, or reject, so that it ends' })
  @ApiHeader(ACTING_USER)
  @Answers(ReviewAnswer)
  async decide(
    @Param('task', UuidPipe) task: string,
    @Body() body: DecisionBody,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Review> {
    const { undoableSeconds = 0, ...decision } = body;
    await this.reviews.decide(task, { ...decision, by, undoableMs: undoableSeconds * 1000 });
    return this.reviews.show(task);
  }

  @Delete(':task/decision')
  @ApiOperation({ summary: 'Take a decision back, while it may be' })
  @ApiHeader(ACTING_USER)
  @Answers(ReviewAnswer)
  async undo(
    @Param('task', UuidPipe) task: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Review> {
    await this.reviews.undo(task, by);
    return this.reviews.show(task);
  }

  @Put(':task/claim')
  @ApiOperation({
    summary: 'Have a review to oneself for a while: nobody else decides meanwhile',
    description: 'Asked for again by the same person, the time begins anew.',
  })
  @ApiHeader(ACTING_USER)
  @Answers(ReviewAnswer)
  async claim(
    @Param('task', UuidPipe) task: string,
    @Query() { seconds }: ClaimQuery,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Review> {
    await this.reviews.claim(task, by, seconds);
    return this.reviews.show(task);
  }

  @Put(':task/assignees')
  @ApiOperation({ summary: 'Say who may decide about an open review' })
  @Answers(ReviewAnswer)
  async assign(@Param('task', UuidPipe) task: string, @Body() { assignees }: AssigneesBody): Promise<Review> {
    await this.reviews.assign(task, assignees);
    return this.reviews.show(task);
  }

  @Delete(':task/claim')
  @ApiOperation({ summary: 'Leave a review to others' })
  @ApiHeader(ACTING_USER)
  @Answers(ReviewAnswer)
  async release(
    @Param('task', UuidPipe) task: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Review> {
    await this.reviews.release(task, by);
    return this.reviews.show(task);
  }
}
