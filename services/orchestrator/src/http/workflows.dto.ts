import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class WorkflowDefinitionBody {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The document of `kind: workflow`',
  })
  @IsObject()
  definition!: Record<string, unknown>;
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

export class VersionBody extends WorkflowDefinitionBody {
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
