import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsObject, IsOptional, Matches, Min } from 'class-validator';

export class PromptRunBody {
  @ApiProperty({ example: 'judge-naturalness@2' })
  @Matches(/^[a-z0-9][a-z0-9-]*(@[a-z0-9-]+)?$/, { message: 'prompt must be id, id@7 or id@label' })
  prompt!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Values of its variables' })
  @IsObject()
  variables!: Record<string, unknown>;

  @ApiPropertyOptional({ default: 1, minimum: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  sample?: number;
}
