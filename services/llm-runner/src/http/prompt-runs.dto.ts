import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';

export class PromptQuestionBody {
  @ApiPropertyOptional({ example: 'judge-naturalness@2' })
  @ValidateIf(({ definition }: PromptQuestionBody) => definition === undefined)
  @Matches(/^[a-z0-9][a-z0-9-]*(@[a-z0-9-]+)?$/, { message: 'prompt must be id, id@7 or id@label' })
  prompt?: string;

  @ApiPropertyOptional({
    ...{ type: 'object', additionalProperties: true },
    description: 'Instead: a prompt that is not published, as a content file',
  })
  @IsOptional()
  @IsObject()
  definition?: Record<string, unknown>;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Values of its variables' })
  @IsObject()
  variables!: Record<string, unknown>;
}

export class PromptRunBody extends PromptQuestionBody {
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
