import { Controller } from '@nestjs/common';
import type { BlockRequested, CloudEvent } from '@duofactory/contracts';
import { Consumes } from '@duofactory/messaging';
import { reviewRequestedV1 } from '../app/workflows/own-block-types.js';
import { Reviews } from '../app/reviews/reviews.js';

/** Puts what is to be decided before people. */
@Controller()
export class ReviewsHandler {
  constructor(private readonly reviews: Reviews) {}

  @Consumes(reviewRequestedV1, { fromBeginning: true })
  async requested({ data }: CloudEvent<BlockRequested>): Promise<void> {
    await this.reviews.open(data);
  }
}
