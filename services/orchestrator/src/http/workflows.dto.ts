import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, MaxLength } from 'class-validator';

export class WorkflowDefinitionBody {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The document of `kind: workflow`',
  })
  @IsObject()
  definition!: Record<string, unknown>;
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
