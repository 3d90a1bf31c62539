import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers } from '@duofactory/platform';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Reviews, type Review } from '../app/reviews.js';
import { ACTING_USER } from './acting-user.js';
import { Review as ReviewAnswer, ReviewList } from './answers.js';

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

export class DecisionBody {
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

  @Get(':task')
  @ApiOperation({ summary: 'A review with what is to be decided about' })
  @Answers(ReviewAnswer)
  show(@Param('task', ParseUUIDPipe) task: string): Promise<Review> {
    return this.reviews.show(task);
  }

  @Post(':task/decision')
  @HttpCode(200)
  @ApiOperation({ summary: 'Approve, so that the payload goes on, or reject, so that it ends' })
  @ApiHeader(ACTING_USER)
  @Answers(ReviewAnswer)
  async decide(
    @Param('task', ParseUUIDPipe) task: string,
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
    @Param('task', ParseUUIDPipe) task: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Review> {
    await this.reviews.undo(task, by);
    return this.reviews.show(task);
  }

  @Put(':task/claim')
  @ApiOperation({ summary: 'Have a review to oneself for 15 minutes: nobody else decides meanwhile' })
  @ApiHeader(ACTING_USER)
  @Answers(ReviewAnswer)
  async claim(
    @Param('task', ParseUUIDPipe) task: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Review> {
    await this.reviews.claim(task, by);
    return this.reviews.show(task);
  }

  @Delete(':task/claim')
  @ApiOperation({ summary: 'Leave a review to others' })
  @ApiHeader(ACTING_USER)
  @Answers(ReviewAnswer)
  async release(
    @Param('task', ParseUUIDPipe) task: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Review> {
    await this.reviews.release(task, by);
    return this.reviews.show(task);
  }
}
