/**
 * Variables that other parts of the product read. Six processes, the command line and the tests may share one
 * environment: none of them is a mistake in it. Those of the services are compared with their settings by a spec.
 */
export const PRODUCT_VARIABLES: readonly string[] = [
  'DUOFACTORY_AMBIGUOUS_CALLS',
  'DUOFACTORY_AUDIO_FORMAT',
  'DUOFACTORY_LEDGER_LEASE_MS',
  'DUOFACTORY_MODEL',
  'DUOFACTORY_MODEL_NAME',
  'DUOFACTORY_MODEL_PRICES',
  'DUOFACTORY_OPENAI_API',
  'DUOFACTORY_POLLY_ENDPOINT',
  'DUOFACTORY_POLLY_ENGINE',
  'DUOFACTORY_POLLY_LEXICONS',
  'DUOFACTORY_POLLY_PRICES',
  'DUOFACTORY_POLLY_VOICES',
  'DUOFACTORY_SHEETS',
  'DUOFACTORY_SHEETS_PER_MINUTE',
  'DUOFACTORY_SHEETS_ROOT_URL',
  'DUOFACTORY_SPEECH',
  'DUOFACTORY_TRIGGER_TOPICS',
];

/** Of the command line, of tools and of tests. */
export const TOOL_VARIABLES: readonly string[] = [
  'DUOFACTORY_CACHE_DIR',
  'DUOFACTORY_ENGINE_HISTORIES',
  'DUOFACTORY_ENGINE_SEED',
  'DUOFACTORY_RECORD',
  'DUOFACTORY_SOAK_SEED',
  'DUOFACTORY_TEST_CLUSTER',
  'DUOFACTORY_TEST_DATABASE_URL',
  'DUOFACTORY_TEST_KAFKA',
  'DUOFACTORY_URL',
  'DUOFACTORY_USER',
];
