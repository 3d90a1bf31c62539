import { IsIn } from 'class-validator';

export class SheetsSyncConfig {
  /** Where tables live: what is sent to this service, until Google Sheets are read too. */
  @IsIn(['files'], { message: 'must be files' })
  sheets: string = 'files';
}
