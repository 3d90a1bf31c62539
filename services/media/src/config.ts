import { IsIn } from 'class-validator';

export class MediaConfig {
  /** Which engine speaks. */
  @IsIn(['espeak'], { message: 'must be espeak' })
  speech: string = 'espeak';
}
