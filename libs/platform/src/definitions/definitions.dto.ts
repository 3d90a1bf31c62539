import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsObject, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { Problem } from '../problem.js';
import { InvalidYaml, readYaml } from './definition-yaml.js';

/** A definition as an object, or as the text of a content file. */
export class DefinitionBody {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'The content file as an object; else `yaml`',
  })
  @IsOptional()
  @IsObject()
  definition?: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'The content file as text: its comments are kept' })
  @IsOptional()
  @IsString()
  @MaxLength(500_000)
  @Matches(/^[^\0]*$/, { message: 'yaml must have no NUL' })
  yaml?: string;
}

export class PublishDefinitionBody extends DefinitionBody {
  @ApiPropertyOptional({ description: 'What changed' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

export class PublishDraftBody {
  @ApiPropertyOptional({ description: 'What changed' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

export class LabelBody {
  @ApiProperty({ description: 'The version that has the label from now on', minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(2 ** 31 - 1)
  version!: number;
}

export class RestoreBody {
  @ApiProperty({ description: 'A revision of the draft', minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(2 ** 31 - 1)
  revision!: number;
}

export class DiffQuery {
  @ApiProperty({ description: 'A version, a label, or `draft`', example: '3' })
  @Matches(/^[a-z0-9-]{1,50}$/, { message: 'from must be a version, a label or draft' })
  from!: string;

  @ApiProperty({ description: 'A version, a label, or `draft`', example: 'draft' })
  @Matches(/^[a-z0-9-]{1,50}$/, { message: 'to must be a version, a label or draft' })
  to!: string;
}

/** What was written, with its YAML if it was written so. Throws Problem naming the field. */
export function writtenIn({ definition, yaml }: DefinitionBody): {
  definition: Record<string, unknown>;
  source?: string;
} {
  if (definition !== undefined && yaml === undefined) return { definition };
  if (definition !== undefined || yaml === undefined)
    throw refused('invalid-body', 'definition', 'Send either definition or yaml');
  const read = objectOf(yaml);
  return { definition: read, source: yaml };
}

function objectOf(yaml: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = readYaml(yaml);
  } catch (error) {
    if (!(error instanceof InvalidYaml)) throw error;
    throw refused('invalid-yaml', 'yaml', error.message, { line: error.line });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw refused('invalid-yaml', 'yaml', 'It must be one YAML document with fields');
}

function refused(code: string, field: string, message: string, more: object = {}): Problem {
  return new Problem({
    status: 422,
    code,
    title: 'The definition cannot be read',
    detail: `${field}: ${message}`,
    errors: [{ field, message, code, ...more }],
  });
}
