import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

export class EditedResultBody {
  @ApiProperty({ description: 'Whose result it is', example: 'script' })
  @IsString()
  @MaxLength(63)
  block!: string;

  @ApiProperty({
    description: 'Of the payload; empty for a block that runs once',
    example: 'units=u1/script=2',
  })
  @IsString()
  @MaxLength(2000)
  @Matches(/^[^\0]*$/, { message: 'key must have no NUL character' })
  key!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The whole result, corrected' })
  @IsObject()
  result!: Record<string, unknown>;
}

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
    type: EditedResultBody,
    isArray: true,
    maxItems: 20,
    description: 'Results that are taken over as they are here; what reads them is asked for again',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique(({ block, key }: EditedResultBody) => `${block}\n${key}`)
  @ValidateNested({ each: true })
  @Type(() => EditedResultBody)
  edits?: EditedResultBody[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: "Those that differ from the run's",
  })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'integer', minimum: 1, maximum: 999_999_999 }],
    default: 'pinned',
    description: '`pinned`, `latest`, `draft`, or the number of a version',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value))
  @Matches(/^(pinned|latest|draft|[1-9]\d{0,8})$/, {
    message: 'version must be pinned, latest, draft or a number from 1',
  })
  version?: string;
}
