import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';

export class DefinitionBody {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The document of `kind: workflow`',
  })
  @IsObject()
  definition!: Record<string, unknown>;
}
