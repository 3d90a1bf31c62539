import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

export class WorkflowDefinitionBody {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The document of `kind: workflow`',
  })
  @IsObject()
  definition!: Record<string, unknown>;
}

/** A definition as an object, or as the text of a content file. */
export class WorkflowBody {
  @ApiPropertyOptional({
    ...{ type: 'object', additionalProperties: true },
    description: 'The document of `kind: workflow` as an object; else `yaml`',
  })
  @IsOptional()
  @IsObject()
  definition?: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'The document as text: it is kept with its comments and anchors' })
  @IsOptional()
  @IsString()
  @MaxLength(2_000_000)
  @Matches(/^[^\0]*$/, { message: 'yaml must have no NUL' })
  yaml?: string;
}

export class LastRunsQuery {
  @ApiPropertyOptional({ default: 30, minimum: 1, maximum: 100, description: 'So many of the last runs' })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 30;
}

export class NoteBody {
  @ApiPropertyOptional({ description: 'What is new, for those who come later' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string;
}

export class VersionBody extends WorkflowBody {
  @ApiPropertyOptional({ description: 'What is new, for those who come later' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string;
}

export class BlockTestBody extends WorkflowDefinitionBody {
  @ApiProperty({ example: 'script', description: 'The block that is tested' })
  @IsString()
  @MaxLength(63)
  block!: string;

  @ApiPropertyOptional({
    ...{ type: 'object', additionalProperties: true },
    description: 'What it sees, by name: results of blocks above it, and inputs of the run',
    example: { unit: { name: 'At the café' } },
  })
  @IsOptional()
  @IsObject()
  given?: Record<string, unknown>;
}
