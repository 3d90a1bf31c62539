import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { LONGEST_LINE } from '../blocks/speech/manifest.js';

/** As many as a block speaks. */
const MOST_LINES = 500;

export class LineBody {
  @ApiProperty({ example: 'Nora' })
  @IsString()
  @Length(1, 100)
  speaker!: string;

  @ApiProperty({ example: '¿Qué te pongo?' })
  @IsString()
  @Length(1, LONGEST_LINE)
  text!: string;

  @ApiPropertyOptional({ description: 'If not that of the others' })
  @IsOptional()
  @IsString()
  language?: string;
}

export class SpeechBody {
  @ApiProperty({ type: [LineBody] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true })
  @Type(() => LineBody)
  lines!: LineBody[];

  @ApiProperty({ example: 'es' })
  @IsString()
  @Length(2, 20)
  language!: string;

  @ApiPropertyOptional({
    ...{ type: 'object', additionalProperties: { type: 'string' } },
    description: 'Voice or character by speaker',
    example: { Nora: 'f3' },
  })
  @IsOptional()
  @IsObject()
  voices?: Record<string, string>;

  @ApiPropertyOptional({ minimum: 0.5, maximum: 1.5 })
  @IsOptional()
  @IsNumber()
  @Min(0.5)
  @Max(1.5)
  pace?: number;
}

export class ObjectHash {
  @ApiProperty({ description: 'SHA-256 of it in hex, as in its Ref', example: 'ab'.repeat(32) })
  @Matches(/^[0-9a-f]{64}$/, { message: 'hash must be 64 hexadecimal digits, as in `object` of a Ref' })
  hash!: string;
}

export class VoicesQuery {
  @ApiProperty({ example: 'es' })
  @IsString()
  @Length(2, 20)
  language!: string;
}
