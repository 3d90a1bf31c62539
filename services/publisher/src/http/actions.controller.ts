import { Answers } from '@duofactory/platform';
import {
  Body,
  Controller,
  Headers,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ActOnEpisodes, type ActionResult } from '../app/act-on-episodes.js';
import type { Action } from '../app/change-episode.js';
import { MoveEpisode } from '../app/move-episode.js';
import { RenameEpisode } from '../app/rename-episode.js';
import { EpisodeActionsBody, EpisodeChangeBody, filterOf, invalid } from './actions.dto.js';
import { ActionsAnswer, EpisodeSummaryAnswer } from './answers.js';
import { EnvironmentQuery } from './catalog.dto.js';

@ApiTags('catalog')
@Controller('api/episodes')
export class EpisodeActionsController {
  constructor(
    private readonly episodes: ActOnEpisodes,
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

  @Patch(':id')
  @ApiOperation({
    summary: 'Move an episode to another slot of its node, or give it another name',
    description:
      'A taken slot answers 409 slot-taken with its occupant; with "swap": true the two change places, in one manifest. Readers get the change as a version of its own.',
  })
  @Answers(EpisodeSummaryAnswer)
  change(
    @Param('id', ParseUUIDPipe) id: string,
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
