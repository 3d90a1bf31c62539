import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { FromVariables } from './configuration.js';
import { PUBLISH_POLICIES, type PublishPolicy } from './definitions/publish-policy.js';

const HTTP = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** What every service reads from the environment. A service's own settings extend it. */
export class PlatformConfig {
  @IsIn(['local', 'kafka'], { message: 'must be local or kafka' })
  bus: string = 'local';

  /** `host:port`, separated by commas. */
  @ValidateIf(({ bus }: PlatformConfig) => bus === 'kafka')
  @IsArray()
  @ArrayNotEmpty({ message: 'must name at least one host:port, since DUOFACTORY_BUS is kafka' })
  @Matches(/^[^\s:]+:\d+$/, { each: true, message: 'must be host:port, separated by commas' })
  kafkaBrokers: string[] = [];

  @IsBoolean({ message: 'must be true or false' })
  kafkaSsl: boolean = false;

  @IsOptional()
  @IsIn(['plain', 'scram-sha-256', 'scram-sha-512'], {
    message: 'must be plain, scram-sha-256 or scram-sha-512',
  })
  kafkaSaslMechanism?: string;

  @ValidateIf(({ kafkaSaslMechanism }: PlatformConfig) => kafkaSaslMechanism !== undefined)
  @IsNotEmpty({ message: 'must be set, since DUOFACTORY_KAFKA_SASL_MECHANISM is' })
  kafkaSaslUsername?: string;

  @ValidateIf(({ kafkaSaslMechanism }: PlatformConfig) => kafkaSaslMechanism !== undefined)
  @IsNotEmpty({ message: 'must be set, since DUOFACTORY_KAFKA_SASL_MECHANISM is' })
  kafkaSaslPassword?: string;

  /** Of every topic that is created. */
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @Max(1000)
  kafkaPartitions: number = 6;

  /** How long a process that has died or hangs keeps its partitions. The broker has bounds of its own. */
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(1000)
  @Max(1_800_000)
  kafkaSessionMs: number = 10_000;

  /** Unset: the embedded PostgreSQL, with its data under `dataDir`. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, {
    message: 'must be a URL like postgres://user:password@host:5432/database',
  })
  databaseUrl?: string;

  /** Connections of one service. */
  @IsInt({ message: 'must be a whole number' })
  @Min(2)
  @Max(500)
  databasePool: number = 10;

  @IsString()
  dataDir: string = '.duofactory';

  @IsIn(['fs', 's3'], { message: 'must be fs or s3' })
  objects: string = 'fs';

  @ValidateIf(({ objects }: PlatformConfig) => objects === 's3')
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
    message: 'must be the name of a bucket, since DUOFACTORY_OBJECTS is s3',
  })
  s3Bucket?: string;

  @IsOptional()
  @IsUrl(HTTP, { message: 'must be a URL with http or https' })
  s3Endpoint?: string;

  @IsBoolean({ message: 'must be true or false' })
  s3PathStyle: boolean = false;

  /** Where S3 is another account or server than the vendor's own variables are for. */
  @IsOptional()
  @Matches(/^[a-z0-9-]+$/, { message: 'must be the name of a region, such as eu-west-1' })
  s3Region?: string;

  @ValidateIf(({ s3SecretAccessKey }: PlatformConfig) => s3SecretAccessKey !== undefined)
  @IsNotEmpty({ message: 'must be set, since DUOFACTORY_S3_SECRET_ACCESS_KEY is' })
  s3AccessKeyId?: string;

  @ValidateIf(({ s3AccessKeyId }: PlatformConfig) => s3AccessKeyId !== undefined)
  @IsNotEmpty({ message: 'must be set, since DUOFACTORY_S3_ACCESS_KEY_ID is' })
  s3SecretAccessKey?: string;

  /** The address to listen on; `0.0.0.0` for a container. */
  @Matches(/^[A-Za-z0-9.:-]+$/, { message: 'must be an address or a name of this machine' })
  httpHost: string = '127.0.0.1';

  /** When it is told to stop: handlers that go on for longer give up, and calls of models with them. */
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(0)
  @Max(3_600_000)
  drainGraceMs: number = 3_500;

  /** 0: any free port. */
  @IsInt({ message: 'must be a whole number' })
  @Min(0)
  @Max(65535)
  httpPort: number = 8080;

  /** Where other services reach the orchestrator. Unset: in this process. */
  @IsOptional()
  @IsUrl(HTTP, { message: 'must be a URL with http or https' })
  orchestratorUrl?: string;

  @IsOptional()
  @IsUrl(HTTP, { message: 'must be a URL with http or https' })
  llmRunnerUrl?: string;

  /** Where all services answer: the router before processes. Unset: in this process. */
  @IsOptional()
  @IsUrl(HTTP, { message: 'must be a URL with http or https' })
  apiUrl?: string;

  /** Of drafts; what is applied from files is published as the files say. */
  @IsIn([...PUBLISH_POLICIES], { message: `must be ${PUBLISH_POLICIES.join(' or ')}` })
  publishPolicy: PublishPolicy = 'anyone';

  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    message: 'must be trace, debug, info, warn, error, fatal or silent',
  })
  logLevel: string = 'info';

  /** Whether `/metrics` answers, and what it tells is counted. */
  @IsBoolean({ message: 'must be true or false' })
  metrics: boolean = true;

  /** How many tasks of a block type one process works on at a time: DUOFACTORY_POOL_PROMPT=8. */
  @FromVariables('POOL')
  @IsInt({ each: true, message: 'must be whole numbers' })
  @Min(1, { each: true })
  pools: Map<string, number> = new Map();
}
