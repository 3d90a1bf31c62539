import { Answers, UuidPipe } from '@duofactory/platform';
import { Body, Controller, Headers, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { randomUUID } from 'node:crypto';
import { ActOnEpisodes, type ActionResult } from '../app/act-on-episodes.js';
import { AskForReviews } from '../app/ask-for-reviews.js';
import type { Action } from '../app/change-episode.js';
import { MoveEpisode } from '../app/move-episode.js';
import { RenameEpisode } from '../app/rename-episode.js';
import { EpisodeActionsBody, EpisodeChangeBody, EpisodesBody, filterOf, invalid } from './actions.dto.js';
import { ActionsAnswer, EpisodeSummaryAnswer, ReviewsAnswer } from './answers.js';
import { EnvironmentQuery } from './catalog.dto.js';

@ApiTags('catalog')
@Controller('api/episodes')
export class EpisodeActionsController {
  constructor(
    private readonly episodes: ActOnEpisodes,
    private readonly reviews: AskForReviews,
    private readonly moveEpisode: MoveEpisode,
    private readonly renameEpisode: RenameEpisode,
  ) {}

  @Post('actions')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Publish, promote, unpublish or roll back episodes: given ones, or all that match',
    description:
      'Each by itself: one that is refused stops none. The manifest of a course changes once, as a whole. Sent again it changes nothing.',
  })
  @Answers(ActionsAnswer)
  async act(@Body() body: EpisodeActionsBody, @Headers('x-duofactory-user') user = 'local') {
    const { environment, episodes } = body;
    const filter = filterOf(environment, body);
    const ids = episodes ?? (await this.episodes.matching(filter));
    const results = await this.episodes.execute(environment, ids, actionOf(body), user);
    const count = (of: ActionResult['outcome']): number =>
      results.filter(({ outcome }) => outcome === of).length;
    return {
      changed: count('changed'),
      unchanged: count('unchanged'),
      refused: count('refused'),
      results,
    };
  }

  @Post('reviews')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Have people review episodes once more: given ones, or all that match',
    description:
      'The run that made an episode is run again from its review on, for that episode alone: it waits in GET /api/reviews, and what is approved is published. At most 100; one that is refused stops none.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key: no episode is asked about twice',
  })
  @Answers(ReviewsAnswer)
  async review(
    @Body() body: EpisodesBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Headers('x-duofactory-user') by = 'local',
  ) {
    const { environment, episodes } = body;
    const filter = filterOf(environment, body);
    const ids = episodes ?? (await this.episodes.matching(filter));
    const press = { by, idempotencyKey: idempotencyKey ?? randomUUID() };
    const results = await this.reviews.execute(environment, ids, press);
    const asked = results.filter(({ outcome }) => outcome === 'asked').length;
    return { asked, refused: results.length - asked, results };
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Move an episode to another slot of its node, or give it another name',
    description:
      'A taken slot answers 409 slot-taken with its occupant; with "swap": true the two change places, in one manifest. Readers get the change as a version of its own.',
  })
  @Answers(EpisodeSummaryAnswer)
  change(
    @Param('id', UuidPipe) id: string,
    @Query() { environment }: EnvironmentQuery,
    @Body() { slot, swap, title }: EpisodeChangeBody,
    @Headers('x-duofactory-user') user = 'local',
  ) {
    if (swap !== undefined && slot === undefined) throw invalid('swap', '"swap" belongs to "slot"');
    if (slot !== undefined && title === undefined)
      return this.moveEpisode.execute(environment, id, { slot, swap: swap ?? false, by: user });
    if (slot === undefined && title !== undefined)
      return this.renameEpisode.execute(environment, id, { title, by: user });
    throw invalid('slot', 'Send one change: "slot", or "title"');
  }
}

function actionOf({ action, environment, to, version, replace = false }: EpisodeActionsBody): Action {
  if (action !== 'promote' && to !== undefined)
    throw invalid('to', `"to" belongs to promote, not to ${action}`);
  if (action !== 'rollback' && version !== undefined)
    throw invalid('version', `"version" belongs to rollback, not to ${action}`);
  if (action === 'unpublish') return { action };
  if (action === 'publish') return { action, replace };
  if (action === 'rollback') return { action, replace, ...(version === undefined ? {} : { version }) };
  const target = to ?? 'prod';
  if (target === environment)
    throw invalid('to', `The episodes are in "${environment}" already: promote them to another environment`);
  return { action, to: target, replace };
}
