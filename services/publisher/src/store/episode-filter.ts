/** Which episodes of the catalog. What is left out does not matter. */
export interface EpisodeFilter {
  readonly environment: string;
  /** These alone. */
  readonly ids?: readonly string[];
  readonly course?: string;
  readonly node?: string;
  readonly level?: string;
  readonly wrapper?: string;
  readonly status?: string;
  readonly slot?: number;
  /** Part of the title, in whichever case. */
  readonly name?: string;
  readonly minViability?: number;
  readonly maxViability?: number;
  readonly schemaVersion?: number;
  /** Of the run that made it. */
  readonly pipelineStatus?: string;
  readonly run?: string;
  /** Changed at or after this time. */
  readonly changedSince?: Date;
}

/** The version whose facts stand for the episode: the one that readers get, else the newest. */
export const CATALOG = `FROM episodes e
  LEFT JOIN nodes n ON n.environment = e.environment AND n.course = e.course AND n.id = e.node
  LEFT JOIN LATERAL (SELECT * FROM episode_versions v WHERE v.environment = e.environment AND v.episode = e.id
      AND (e.version IS NULL OR v.version = e.version)
    ORDER BY v.version DESC LIMIT 1) v ON true`;

const CONDITIONS: Record<Exclude<keyof EpisodeFilter, 'environment'>, (parameter: string) => string> = {
  ids: (at) => `e.id = ANY (${at}::uuid[])`,
  course: (at) => `e.course = ${at}`,
  node: (at) => `e.node = ${at}`,
  level: (at) => `n.level = ${at}`,
  wrapper: (at) => `e.wrapper = ${at}`,
  status: (at) => `e.status = ${at}`,
  slot: (at) => `e.slot = ${at}::int`,
  name: (at) => `v.title ~ ${at}`,
  minViability: (at) => `v.viability >= ${at}::float8`,
  maxViability: (at) => `v.viability <= ${at}::float8`,
  schemaVersion: (at) => `v.schema_version = ${at}::int`,
  pipelineStatus: (at) => `v.run_status = ${at}`,
  run: (at) => `v.run = ${at}::uuid`,
  changedSince: (at) => `e.updated_at >= ${at}::timestamptz`,
};

/** A condition of SQL over `CATALOG`, and its values from $1 on. */
export function conditionOf({ environment, ...filter }: EpisodeFilter): { text: string; values: unknown[] } {
  const values: unknown[] = [environment];
  const parts = ['e.environment = $1'];
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const given = filter[name as keyof typeof filter];
    const value = name === 'name' && typeof given === 'string' ? caseless(given) : given;
    if (value !== undefined) parts.push(condition(`$${values.push(value)}`));
  }
  return { text: parts.join(' AND '), values };
}

/** A pattern of a text in whichever case; the database's own idea of case depends on its locale. */
function caseless(text: string): string {
  return [...text]
    .map((letter) => {
      const [small, capital] = [letter.toLowerCase(), letter.toUpperCase()];
      if (small !== capital) return `(${small}|${capital})`;
      return /[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/.test(letter) ? `\\${letter}` : letter;
    })
    .join('');
}
