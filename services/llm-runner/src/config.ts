import { FromVariable } from '@duofactory/platform';
import {
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsUrl,
  Matches,
  Min,
  Validate,
  ValidateIf,
  ValidatorConstraint,
} from 'class-validator';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

const Prices = Type.Record(
  Type.String(),
  Type.Object(
    {
      input: Type.Number({ minimum: 0 }),
      cachedInput: Type.Optional(Type.Number({ minimum: 0 })),
      output: Type.Number({ minimum: 0 }),
      reasoning: Type.Optional(Type.Number({ minimum: 0 })),
      batch: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    },
    { additionalProperties: false },
  ),
);

@ValidatorConstraint()
class IsPrices {
  validate(text: string): boolean {
    try {
      return Value.Check(Prices, JSON.parse(text));
    } catch {
      return false;
    }
  }

  defaultMessage(): string {
    return 'must be JSON: {"<model>": {"input": 1.25, "cachedInput": 0.125, "output": 10}}, in US dollars for a million tokens';
  }
}

const withOpenAi = ({ model }: LlmRunnerConfig): boolean => model === 'openai';

export class LlmRunnerConfig {
  /** Which models answer. */
  @IsIn(['offline', 'openai'], { message: 'must be offline or openai' })
  model: string = 'offline';

  /** What `default` in a prompt stands for. */
  @ValidateIf(withOpenAi)
  @IsNotEmpty({ message: 'must name a model, since DUOFACTORY_MODEL is openai' })
  modelName?: string;

  /** `chat`: Chat Completions, for servers that know nothing else. */
  @IsIn(['responses', 'chat'], { message: 'must be responses or chat' })
  openaiApi: 'responses' | 'chat' = 'responses';

  @ValidateIf(withOpenAi)
  @FromVariable('OPENAI_API_KEY')
  @IsNotEmpty({ message: 'must be set, since DUOFACTORY_MODEL is openai' })
  openaiApiKey?: string;

  @FromVariable('OPENAI_BASE_URL')
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  openaiBaseUrl: string = 'https://api.openai.com/v1';

  /** Calls whose end nobody saw are made again, or wait for a person: their runs pause. */
  @IsIn(['retry', 'hold'], { message: 'must be retry or hold' })
  ambiguousCalls: 'retry' | 'hold' = 'retry';

  /** A process that gives no sign for so long is taken for dead, and its calls for ambiguous. */
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(1000)
  ledgerLeaseMs: number = 30_000;

  /** Prices of models, as JSON: they go before the published ones. */
  @IsOptional()
  @Validate(IsPrices)
  modelPrices?: string;

  /** Hosts that images are fetched from though they are not on the public web, as `host` or `host:port`. */
  @IsArray()
  @Matches(/^[A-Za-z0-9.[\]:-]{1,253}$/, {
    each: true,
    message: 'must be names of hosts, separated by commas',
  })
  imageHosts: string[] = [];
}

export function readPrices(text: string | undefined): Static<typeof Prices> {
  return text === undefined ? {} : (JSON.parse(text) as Static<typeof Prices>);
}
