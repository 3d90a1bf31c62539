import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Answers, UuidPipe } from '@duofactory/platform';
import { IsString, Matches } from 'class-validator';
import { Editors } from '../app/workflows/editors.js';
import { ACTING_USER } from './acting-user.js';
import { EditorList } from './answers.js';

/** A resource and an id, as in their address: prompts/title. */
export const EDITED_PLACE = /^[a-z][a-z-]{0,30}\/[a-z0-9][a-z0-9-]{0,99}$/;
const WRONG_PLACE = { message: 'place must be a resource and an id, such as prompts/title' };

export class EditedPlace {
  @ApiProperty({ example: 'prompts/title', pattern: EDITED_PLACE.source })
  @IsString()
  @Matches(EDITED_PLACE, WRONG_PLACE)
  place!: string;
}

@ApiTags('editors')
@Controller('api/editors')
export class EditorsController {
  constructor(private readonly editors: Editors) {}

  @Get()
  @ApiOperation({ summary: 'Who typed at a place within the last minute; the live stream tells of changes' })
  @Answers(EditorList)
  async list(@Query() { place }: EditedPlace) {
    return { place, editors: (await this.editors.at([place])).get(place)! };
  }

  @Put(':tab')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Say that somebody types at a place, in this tab of a browser; it locks nothing',
    description: 'To be said again while they type: a minute after the last time nobody is there.',
  })
  @ApiHeader(ACTING_USER)
  async types(
    @Param('tab', UuidPipe) tab: string,
    @Body() { place }: EditedPlace,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<void> {
    await this.editors.types(tab, { place, by });
  }

  @Delete(':tab')
  @HttpCode(204)
  @ApiOperation({ summary: 'Say that the tab left the place' })
  async leaves(@Param('tab', UuidPipe) tab: string): Promise<void> {
    await this.editors.leaves(tab);
  }
}
