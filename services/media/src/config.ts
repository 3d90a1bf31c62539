import { IsIn, IsOptional, IsUrl, Matches, Validate, ValidatorConstraint } from 'class-validator';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

const PollyVoices = Type.Record(
  Type.String({ minLength: 2 }),
  Type.Record(Type.String({ minLength: 1 }), Type.String({ minLength: 1 })),
);

@ValidatorConstraint()
class IsPollyVoices {
  validate(text: string): boolean {
    try {
      return Value.Check(PollyVoices, JSON.parse(text));
    } catch {
      return false;
    }
  }

  defaultMessage(): string {
    return 'must be JSON: {"<language>": {"<character>": "<voice>"}}, such as {"es": {"f2": "Mia"}}';
  }
}

const PollyPrices = Type.Object(
  {
    neural: Type.Optional(Type.Number({ minimum: 0 })),
    standard: Type.Optional(Type.Number({ minimum: 0 })),
  },
  { additionalProperties: false },
);

@ValidatorConstraint()
class IsPollyPrices {
  validate(text: string): boolean {
    try {
      return Value.Check(PollyPrices, JSON.parse(text));
    } catch {
      return false;
    }
  }

  defaultMessage(): string {
    return 'must be JSON: {"neural": 16, "standard": 4}, in US dollars for a million characters';
  }
}

export class MediaConfig {
  /** Which engine speaks. */
  @IsIn(['espeak', 'polly'], { message: 'must be espeak or polly' })
  speech: string = 'espeak';

  /** Of the episodes' files. */
  @IsIn(['ogg', 'mp3'], { message: 'must be ogg or mp3' })
  audioFormat: 'ogg' | 'mp3' = 'ogg';

  /** Another server than Amazon's. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  pollyEndpoint?: string;

  /** Of voices that have both. */
  @IsIn(['neural', 'standard'], { message: 'must be neural or standard: the others have no visemes' })
  pollyEngine: 'neural' | 'standard' = 'neural';

  /** Voices by language and character, as JSON: they go before ours. */
  @IsOptional()
  @Validate(IsPollyVoices)
  pollyVoices?: string;

  /** Prices by engine, as JSON: they go before the published ones. */
  @IsOptional()
  @Validate(IsPollyPrices)
  pollyPrices?: string;

  /** Names of the account's lexicons, separated by commas. */
  @IsOptional()
  @Matches(/^\s*[A-Za-z0-9]{1,20}(\s*,\s*[A-Za-z0-9]{1,20})*\s*$/, {
    message: 'must be names of lexicons (letters and digits), separated by commas',
  })
  pollyLexicons?: string;
}

export function readPollyVoices(text: string | undefined): Static<typeof PollyVoices> {
  return text === undefined ? {} : (JSON.parse(text) as Static<typeof PollyVoices>);
}

export function readPollyPrices(text: string | undefined): Static<typeof PollyPrices> {
  return text === undefined ? {} : (JSON.parse(text) as Static<typeof PollyPrices>);
}

export function readNames(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
