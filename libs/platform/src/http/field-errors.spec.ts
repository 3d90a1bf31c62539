import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
  validateSync,
} from 'class-validator';
import { fieldErrors } from './field-errors.js';

class Author {
  @IsString()
  @IsNotEmpty()
  @MaxLength(60)
  name!: string;
}

class Asked {
  @IsNotEmpty()
  @IsString()
  @MaxLength(200)
  title: unknown = 'Le pain';

  @IsString()
  @IsNotEmpty()
  @Matches(/^[a-z]+$/, { message: 'workflow must be an id such as duoradio' })
  workflow: unknown = 'duoradio';

  @IsArray()
  @ArrayMinSize(1)
  @IsUUID(undefined, { each: true })
  runs: unknown = ['4f6e3a55-7a0b-4e0c-8d7e-0c8a6e2f6f10'];

  @IsInt()
  @Min(1)
  rounds: unknown = 1;

  @IsNumber()
  share: unknown = 0.5;

  @IsNotEmpty()
  anything: unknown = 0;

  @IsOptional()
  @ValidateNested()
  @Type(() => Author)
  author?: unknown;
}

const told = (changes: Record<string, unknown>): string[] => {
  const asked = Object.assign(plainToInstance(Asked, changes), changes.author ? {} : changes);
  const errors = validateSync(asked, { whitelist: true, forbidNonWhitelisted: true });
  return errors.flatMap((error) => fieldErrors(error)).map(({ field, message }) => `${field}: ${message}`);
};

describe('a field that does not fit', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ title: undefined }, 'title: title must be given: a string'],
    [{ title: 7 }, 'title: title must be a string'],
    [{ title: '' }, 'title: title must not be empty'],
    [{ workflow: undefined }, 'workflow: workflow must be given: an id such as duoradio'],
    [{ workflow: '' }, 'workflow: workflow must be an id such as duoradio'],
    [{ runs: undefined }, 'runs: runs must be given: an array'],
    [{ runs: [] }, 'runs: runs must contain at least 1 elements'],
    [{ runs: ['one'] }, 'runs: each value in runs must be a UUID'],
    [{ rounds: undefined }, 'rounds: rounds must be given: a whole number'],
    [{ rounds: 0 }, 'rounds: rounds must not be less than 1'],
    [{ share: undefined }, 'share: share must be given: a number'],
    [{ anything: undefined }, 'anything: anything must be given'],
    [{ author: {} }, 'author.name: name must be given: a string'],
    [{ titel: 'Le pain' }, 'titel: There is no field "titel" here (did you mean "title"?)'],
  ])('is told by one sentence that says what to do: %j', (changes, sentence) => {
    expect(told(changes)).toEqual([sentence]);
  });
});
