import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsDate, isISO8601 } from 'class-validator';

/** What ISO 8601 has beyond it (weeks, days of the year, years of six digits) no database reads. */
const TIME = /^(?!0000)\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?)?$/;
const NO_ZONE = /T[\d:.]+$/;

/** A field that is a moment, as a Date: a day (its beginning) or a time; UTC, if it names no zone. */
export function IsTime(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? momentOf(value) : value)),
    IsDate({
      message: ({ property }) =>
        `${property} must be a date or a time, such as 2026-05-01 or 2026-05-01T09:00:00Z`,
    }),
  );
}

function momentOf(text: string): Date | string {
  const isMoment = TIME.test(text) && isISO8601(text, { strict: true, strictSeparator: true });
  return isMoment ? new Date(NO_ZONE.test(text) ? `${text}Z` : text) : text;
}
