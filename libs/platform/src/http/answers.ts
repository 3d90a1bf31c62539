import { ApiResponse } from '@nestjs/swagger';
import type { Static, TSchema } from 'typebox';

/** A value as it arrives: times are text in JSON. */
export type OnTheWire<T> = T extends Date
  ? string
  : T extends (...args: never[]) => unknown
    ? never
    : T extends readonly (infer Item)[]
      ? OnTheWire<Item>[]
      : T extends object
        ? { [Name in keyof T]: OnTheWire<T[Name]> }
        : T;

/**
 * Documents what an operation answers. A method whose return type does not fit the schema does not compile; schemas
 * with a `title` become named components of the document, so equal titles must mean equal schemas.
 */
export function Answers<Schema extends TSchema>(schema: Schema, status = 200) {
  return <Result>(
    target: object,
    name: string | symbol,
    method: TypedPropertyDescriptor<
      (...args: never[]) => OnTheWire<Awaited<Result>> extends Static<Schema> ? Result : never
    >,
  ): void => {
    const plain = JSON.parse(JSON.stringify(schema)) as object;
    ApiResponse({ status, description: '', schema: plain })(target, name, method);
  };
}
