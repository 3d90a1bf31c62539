import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { Type as Schema, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { Problem } from '../problem.js';

/** A page of a list. Pages go by cursors: rows that come meanwhile neither repeat nor hide any. */
export class PageQuery {
  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  cursor?: string;

  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 200 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}

/** A position in a list as text that says nothing. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Where the page before ended in a list by time. */
export const TimePosition = Schema.Object({
  at: Schema.String({ format: 'date-time' }),
  id: Schema.String({ format: 'uuid' }),
});

/** The position that a cursor stands for. Throws Problem `invalid-cursor`. */
export function decodeCursor<Position extends TSchema>(cursor: string, schema: Position): Static<Position> {
  const position = parsed(cursor);
  if (Value.Check(schema, position)) return position;
  throw new Problem({
    status: 400,
    code: 'invalid-cursor',
    title: 'This is no cursor',
    detail: 'Send the value of "next" of the page before, as it was',
    errors: [{ field: 'cursor', message: 'Unreadable' }],
  });
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
