import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsObject, IsOptional, IsString, IsUUID, Matches, MaxLength, Min } from 'class-validator';

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

  @ApiPropertyOptional({ format: 'uuid', description: 'The run that it is asked for, and that pays' })
  @IsOptional()
  @IsUUID()
  run?: string;

  @ApiPropertyOptional({ description: 'Whose run that is' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  workflow?: string;

  @ApiPropertyOptional({ description: 'The block of the run that asks' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  block?: string;
}
