export { Clock, ManualClock, SystemClock } from './clock.js';
export {
  checkConfiguration,
  FromVariable,
  FromVariables,
  InvalidConfiguration,
  loadConfig,
  variablesOf,
  type DescribedVariable,
} from './configuration.js';
export { PRODUCT_VARIABLES, TOOL_VARIABLES } from './product-variables.js';
export {
  Database,
  TransactionRolledBack,
  type DatabaseOptions,
  type Queryable,
  type Statement,
  type Transaction,
  type TransactionOptions,
} from './database.js';
export {
  EmbeddedPostgresUnavailable,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from './embedded-postgres.js';
export { createLogger, type Logger, type LoggerOptions } from './log.js';
export { PlatformConfig } from './platform-config.js';
export { Problem, type FieldError, type ProblemOptions } from './problem.js';
export { Answers, type OnTheWire } from './http/answers.js';
export {
  Metrics,
  metricsText,
  type Counter,
  type DescribedMetric,
  type Gauge,
  type Histogram,
  type MetricSpec,
} from './metrics/metrics.js';
export { processMetrics } from './metrics/process-metrics.js';
export { metricsOff } from './http/health.controller.js';
export { openTracing } from './tracing/open-tracing.js';
export { TracingConfig } from './tracing/tracing-config.js';
export {
  NoTracing,
  Tracing,
  activeTraceparent,
  readTraceparent,
  traceHeaders,
  withTraceparent,
  writeTraceparent,
  type Span,
  type SpanStart,
} from './tracing/tracing.js';
export { apiDocs } from './http/api-docs.js';
export { configureHttp } from './http/configure-http.js';
export { EventStream } from './http/event-stream.js';
export { IsTime } from './http/is-time.js';
export { readerGone } from './http/reader-gone.js';
export { keepConnections } from './http/keep-connections.js';
export { ensureContractTopics, openBus, openObjects } from './service/open-parts.js';
export { PartNotReached } from './service/part-not-reached.js';
export { reachBus } from './service/reach-bus.js';
export { reachDatabase } from './service/reach-database.js';
export { reachObjects } from './service/reach-objects.js';
export { Readiness } from './http/readiness.js';
export { boundHeapGrowth } from './service/heap-growth.js';
export { memoryLimit, watchMemory } from './service/thread-memory.js';
export { Repeated } from './service/repeated.js';
export { IdleMemory } from './service/idle-memory.js';
export { runService } from './service/run-service.js';
export type {
  Background,
  ServiceDefinition,
  ServiceParts,
  ServiceRoom,
  ServiceUrls,
} from './service/service-definition.js';
export { startService, type RunningService, type ServiceSurroundings } from './service/start-service.js';
export { Transactions, type Emit, type EmittedEvent } from './service/transactions.js';
export { DefinitionLibrary, type PublishedDefinition } from './definitions/definition-library.js';
export type { DefinitionKind, DefinitionUse } from './definitions/definition-kind.js';
export { checkPublisher, type PublishPolicy } from './definitions/publish-policy.js';
export {
  DefinitionDrafts,
  type FindPreview,
  MOST_TURNS,
  type DefinitionDraft,
  type DraftChanges,
} from './definitions/definition-drafts.js';
export { definitionsControllers, type DefinitionShelf } from './definitions/definitions-controller.js';
export { changesByAuthor } from './definitions/changes-by-author.js';
export {
  DefinitionChangeAnswer,
  DraftChangesAnswer,
  DraftRevisions,
  DefinitionDraftAnswer,
  PublishedDefinitionAnswer,
} from './definitions/definitions-answers.js';
export { diffDefinitions, type DefinitionChange } from './definitions/definition-diff.js';
export { DEFINITION_MIGRATIONS } from './definitions/definitions-migration.js';
export { InvalidYaml, readYaml, rewriteYaml, writeYaml } from './definitions/definition-yaml.js';
export { writtenIn } from './definitions/definitions.dto.js';
export type { DefinitionVersion } from './definitions/store.js';
export { checkExpected, expectedRevision, type ExpectedRevision } from './http/expected-revision.js';
export { KebabIdPipe } from './http/kebab-id.pipe.js';
export { UuidPipe } from './http/uuid.pipe.js';
export { schemaFaults, wordsOf, type SchemaError } from './schema-faults.js';
export { PageQuery, TimePosition, decodeCursor, encodeCursor } from './http/page.js';
