import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
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

const anyObject = { type: 'object', additionalProperties: true } as const;

class PromptOfBlock {
  @ApiProperty({ example: 'duoradio-script@3' })
  @Matches(/^[a-z0-9][a-z0-9-]*(@[a-z0-9-]+)?$/, { message: 'prompt must be id, id@7 or id@label' })
  prompt!: string;

  @ApiPropertyOptional(anyObject)
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;
}

class PayloadOfBlock {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  key?: string;

  @ApiProperty(anyObject)
  @IsObject()
  blockResults!: Record<string, unknown>;
}

export class PromptBlockInput {
  @ApiProperty()
  @IsObject()
  @ValidateNested()
  @Type(() => PromptOfBlock)
  with!: PromptOfBlock;

  @ApiProperty()
  @IsObject()
  @ValidateNested()
  @Type(() => PayloadOfBlock)
  payload!: PayloadOfBlock;

  @ApiPropertyOptional(anyObject)
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;

  @ApiPropertyOptional(anyObject)
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;
}

export class PromptPreviewBody {
  @ApiPropertyOptional({ example: 'judge-naturalness@2' })
  @ValidateIf(({ definition, input }: PromptPreviewBody) => definition === undefined && input === undefined)
  @Matches(/^[a-z0-9][a-z0-9-]*(@[a-z0-9-]+)?$/, { message: 'prompt must be id, id@7 or id@label' })
  prompt?: string;

  @ApiPropertyOptional({ ...anyObject, description: 'Instead: a prompt that is not published' })
  @IsOptional()
  @IsObject()
  definition?: Record<string, unknown>;

  @ApiPropertyOptional({ ...anyObject, description: 'Values of its variables' })
  @ValidateIf(({ input }: PromptPreviewBody) => input === undefined)
  @IsObject()
  variables?: Record<string, unknown>;

  @ApiPropertyOptional({
    description:
      'Gives the prompt (unless there is a definition) and the variables: what a block was given, as GET /api/tasks/:id/input tells',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => PromptBlockInput)
  input?: PromptBlockInput;

  @ApiPropertyOptional({ minimum: 1, maximum: 100, description: 'The estimate is for so many; else for one' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  samples?: number;

  @ApiPropertyOptional({
    description:
      'true: a variable that nothing gives stays as it is written, and is listed; else it is refused',
  })
  @IsOptional()
  @IsBoolean()
  leaveUnfilled?: boolean;
}

export class PromptCheckBody {
  @ApiProperty({ ...anyObject, description: 'A prompt as it is being written' })
  @IsObject()
  definition!: Record<string, unknown>;

  @ApiPropertyOptional({
    type: [String],
    description: 'Paths that the blocks which use it give: a variable that none of them stands for is told',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5_000)
  @IsString({ each: true })
  @MaxLength(500, { each: true })
  known?: string[];
}

export class PromptScopeBody {
  @ApiProperty({ description: 'What a block was given, as GET /api/tasks/:id/input tells' })
  @IsObject()
  @ValidateNested()
  @Type(() => PromptBlockInput)
  input!: PromptBlockInput;
}

export class RunAboveBody {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  run!: string;

  @ApiProperty()
  @IsString()
  @MaxLength(200)
  workflow!: string;
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

  @ApiPropertyOptional({
    type: [RunAboveBody],
    maxItems: 8,
    description: 'Of a run inside a run: the runs that it works for, nearest first. They pay as well',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(8)
  @ValidateNested({ each: true })
  @Type(() => RunAboveBody)
  above?: RunAboveBody[];

  @ApiPropertyOptional({ description: 'The block of the run that asks' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  block?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description:
      'The task of the run that asks: with `attempt`, what is paid for no answer is told as its cost',
  })
  @IsOptional()
  @IsUUID()
  task?: string;

  @ApiPropertyOptional({ minimum: 1, description: 'Of the task' })
  @IsOptional()
  @IsInt()
  @Min(1)
  attempt?: number;

  @ApiPropertyOptional({
    default: true,
    description: 'false: of server-sent events none tells the text as it comes',
  })
  @IsOptional()
  @IsBoolean()
  partial?: boolean;
}

export class ImageAddressBody {
  @ApiProperty({ example: 'https://example.org/map.png' })
  @IsString()
  @MaxLength(2_000)
  url!: string;
}
