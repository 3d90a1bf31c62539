import { IsIn, IsInt, IsOptional, IsUrl, Max, Min } from 'class-validator';

export class SheetsSyncConfig {
  /** Where spreadsheets are: nowhere but in files that are sent here, or at Google. */
  @IsIn(['files', 'google'], { message: 'must be files or google' })
  sheets: string = 'files';

  /** Another server than Google's. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  sheetsRootUrl?: string;

  /** Calls a minute that the vendor allows, of all processes together. */
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @Max(100_000)
  sheetsPerMinute: number = 60;

  /** How long the file of an export is kept after it was made, or made again, last. */
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @Max(3_650)
  exportDays: number = 90;

  /** What rows may take of the temporary folder while they are read, of all uploads of this process, in megabytes. */
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @Max(1_000_000)
  uploadMb: number = 2_048;

  /** What an XLSX workbook may unpack to, in megabytes; reading one may take eight times as much memory. */
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @Max(2_000)
  workbookMb: number = 128;

  /** How long reading an XLSX workbook may take. */
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @Max(3_600)
  workbookSeconds: number = 60;
}
