import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsObject, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class PublishDefinitionBody {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The content file as an object' })
  @IsObject()
  definition!: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'What changed' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

export class LabelsBody {
  @ApiProperty({ example: ['production'] })
  @IsArray()
  @ArrayMaxSize(10)
  @Matches(/^[a-z][a-z0-9-]{0,40}$/, {
    each: true,
    message: 'labels must be kebab-case words such as production',
  })
  labels!: string[];
}
