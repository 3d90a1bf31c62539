import { Controller } from '@nestjs/common';
import {
  contentPublishedV1,
  contentUnpublishedV1,
  type CloudEvent,
  type ContentPublished,
  type ContentUnpublished,
} from '@duofactory/contracts';
import { Consumes } from '@duofactory/messaging';
import { ContentChanges } from '../app/history/content-changes.js';

/** Tells open screens that episodes of a course changed. A second delivery tells it twice, which harms nobody. */
@Controller()
export class ContentChangedHandler {
  constructor(private readonly changes: ContentChanges) {}

  @Consumes([contentPublishedV1, contentUnpublishedV1], { everyInstance: true })
  async handle({ data }: CloudEvent<ContentPublished | ContentUnpublished>): Promise<void> {
    this.changes.tell({ environment: data.environment, course: data.course });
  }
}
