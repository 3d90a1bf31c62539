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
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

export class LineBody {
  @ApiProperty({ example: 'Nora' })
  @IsString()
  @Length(1, 100)
  speaker!: string;

  @ApiProperty({ example: '¿Qué te pongo?' })
  @IsString()
  @Length(1, 2000)
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
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => LineBody)
  lines!: LineBody[];

  @ApiProperty({ example: 'es' })
  @IsString()
  @Length(2, 20)
  language!: string;

  @ApiPropertyOptional({ description: 'Voice or character by speaker', example: { Nora: 'f3' } })
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

export class VoicesQuery {
  @ApiProperty({ example: 'es' })
  @IsString()
  @Length(2, 20)
  language!: string;
}
