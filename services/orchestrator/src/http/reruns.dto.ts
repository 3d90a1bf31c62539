import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class RerunBody {
  @ApiPropertyOptional({
    description: 'Tasks of this block are asked for again, those below if their input differs',
  })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  from?: string;

  @ApiPropertyOptional({ description: 'Only its tasks under this key', example: 'units=u1' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  key?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: "Those that differ from the run's",
  })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;

  @ApiPropertyOptional({
    default: 'pinned',
    description: '`pinned`, `latest`, `draft`, or the number of a version',
  })
  @IsOptional()
  @Matches(/^(pinned|latest|draft|[1-9]\d{0,8})$/, {
    message: 'version must be pinned, latest, draft or a number from 1',
  })
  version?: string;
}
