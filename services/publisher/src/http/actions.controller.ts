import { Answers, Problem } from '@duofactory/platform';
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
import { EpisodeActionsBody, MoveBody } from './actions.dto.js';
import { ActionsAnswer, EpisodeSummaryAnswer } from './answers.js';
import { EnvironmentQuery } from './catalog.dto.js';

@ApiTags('catalog')
@Controller('api/episodes')
export class EpisodeActionsController {
  constructor(
    private readonly episodes: ActOnEpisodes,
    private readonly moveEpisode: MoveEpisode,
  ) {}

  @Post('actions')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Promote, unpublish or roll back episodes: given ones, or all that match',
    description:
      'Each by itself: one that is refused stops none. The manifest of a course changes once, as a whole. Sent again it changes nothing.',
  })
  @Answers(ActionsAnswer)
  async act(@Body() body: EpisodeActionsBody, @Headers('x-duofactory-user') user = 'local') {
    const { environment, episodes, where } = body;
    if ((episodes === undefined) === (where === undefined))
      throw invalid('episodes', 'Say which episodes: their ids in "episodes", or filters in "where"');
    const ids = episodes ?? (await this.episodes.matching({ environment, ...where }));
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
    summary: 'Move an episode to another slot of its node',
    description:
      'A taken slot answers 409 slot-taken with its occupant; with "swap": true the two change places, in one manifest.',
  })
  @Answers(EpisodeSummaryAnswer)
  move(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { environment }: EnvironmentQuery,
    @Body() { slot, swap = false }: MoveBody,
    @Headers('x-duofactory-user') user = 'local',
  ) {
    return this.moveEpisode.execute(environment, id, { slot, swap, by: user });
  }
}

function actionOf({ action, environment, to, version, replace = false }: EpisodeActionsBody): Action {
  if (action !== 'promote' && to !== undefined)
    throw invalid('to', `"to" belongs to promote, not to ${action}`);
  if (action !== 'rollback' && version !== undefined)
    throw invalid('version', `"version" belongs to rollback, not to ${action}`);
  if (action === 'unpublish') return { action };
  if (action === 'rollback') return { action, replace, ...(version === undefined ? {} : { version }) };
  const target = to ?? 'prod';
  if (target === environment)
    throw invalid('to', `The episodes are in "${environment}" already: promote them to another environment`);
  return { action, to: target, replace };
}

export function invalid(field: string, message: string): Problem {
  return new Problem({
    status: 422,
    code: 'invalid-action',
    title: 'The action is refused',
    detail: message,
    errors: [{ field, message }],
  });
}
