import { Body, Controller, Get, Headers, HttpCode, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@duofactory/platform';
import { CommandRuns, type CommandedRuns } from '../app/commands/command-runs.js';
import { ReadRuns } from '../app/history/read-runs.js';
import { ACTING_USER } from './acting-user.js';
import { CommandedRuns as CommandedRunsAnswer, MatchingRuns } from './answers.js';
import { MatchRunsQuery, RunCommandsBody, filtersOf } from './runs.dto.js';

const MOST_MATCHING = 10_000;

/** Runs that a filter finds, and a command for many. Stands before the resource of one run: `matching` is no id. */
@ApiTags('runs')
@Controller('api/runs')
export class ManyRunsController {
  constructor(
    private readonly readRuns: ReadRuns,
    private readonly commandRuns: CommandRuns,
  ) {}

  @Get('matching')
  @ApiOperation({ summary: 'All runs that the filters of the list find, newest first: their ids and states' })
  @Answers(MatchingRuns)
  matching(@Query() query: MatchRunsQuery): ReturnType<ReadRuns['matching']> {
    return this.readRuns.matching(filtersOf(query), MOST_MATCHING);
  }

  @Post('commands')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Give several runs a command',
    description:
      'As the same command of each run. One that is refused keeps none of the others back; given again, it changes nothing more.',
  })
  @ApiHeader(ACTING_USER)
  @Answers(CommandedRunsAnswer, 202)
  command(
    @Body() { command, runs }: RunCommandsBody,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<CommandedRuns> {
    return this.commandRuns.execute(command, runs, by);
  }
}
