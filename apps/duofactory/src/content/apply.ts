import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, type Api } from '../client/api.js';
import { InvalidContentFile, type ContentFile } from './read-content.js';

export interface Applied {
  readonly file: ContentFile;
  readonly version: number;
  /** false: the server had this content already. */
  readonly created: boolean;
  /** What a file of rows shows otherwise than it was read; absent: nothing. */
  readonly notes?: Notes;
}

interface Notes {
  readonly count: number;
  /** The first of them. */
  readonly notes: readonly { readonly place: string; readonly message: string }[];
}

type Answer = Omit<Applied, 'file'>;

const TABLE_TYPES: Record<string, string> = {
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** How each kind of content is brought to the service that owns it. */
const appliers: Record<string, (api: Api, file: ContentFile) => Promise<Answer>> = {
  table: applyTable,
  course: (api, { id, document }) =>
    api.put(`/api/course-data/${id}`, JSON.stringify(document), 'application/json'),
  prompt: (api, { id, text }) => api.post(`/api/prompts/${id}/versions`, { yaml: text }),
  evaluator: (api, { id, text }) => api.post(`/api/evaluators/${id}/versions`, { yaml: text }),
  'golden-set': applyGoldenSet,
  workflow: (api, { id, text }) => api.post(`/api/workflows/${id}/versions`, { yaml: text }),
};

/** Versions of what a definition refers to reach the orchestrator by events: a moment later than their publishing. */
const SETTLE_MS = 10_000;
const LATE = new Set(['unknown-reference', 'unknown-type']);
const FROM_OTHER_FILES = new Set([...LATE, 'unknown-variable']);

/** The server refuses a file: what is wrong with it. */
export class ContentRefused extends ApiProblem {
  constructor(
    readonly path: string,
    { status, code, message, errors }: ApiProblem,
  ) {
    super(status, code, message, errors);
  }
}

/** Where a kind of content is checked without being published. */
export const CHECKED_BY: Record<string, string> = {
  workflow: '/api/workflows/validate',
  prompt: '/api/prompts/validate',
  evaluator: '/api/evaluators/validate',
  'golden-set': '/api/golden-sets/validate',
};

/** Refuses what is wrong by itself before anything is published. What another file may bring is left to the publishing. */
export async function checkContent(api: Api, { kind, path, document, attached }: ContentFile): Promise<void> {
  const checkedBy = CHECKED_BY[kind];
  // What comes with a sheet is whole only there.
  if (checkedBy === undefined || attached) return;
  const { errors } = await api.post<{ errors: ApiProblem['errors'] }>(checkedBy, { definition: document });
  const own = errors.filter(({ code }) => !FROM_OTHER_FILES.has(code ?? ''));
  if (own.length > 0)
    throw new ContentRefused(path, new ApiProblem(422, 'invalid-definition', 'It is refused', own));
}

/** Publishes content; what is there already stays as it is. */
export async function applyContent(api: Api, file: ContentFile): Promise<Applied> {
  const apply = appliers[file.kind];
  if (!apply) throw new InvalidContentFile(file.path, `This version cannot apply a ${file.kind}`);
  for (const began = Date.now(); ;) {
    try {
      return { file, ...(await apply(api, file)) };
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      const late = error.errors.some(({ code }) => LATE.has(code ?? ''));
      if (!late || Date.now() - began > SETTLE_MS) throw new ContentRefused(file.path, error);
      await pause(100);
    }
  }
}

function applyGoldenSet(api: Api, { path, id, text, document, attached }: ContentFile): Promise<Answer> {
  if (!attached) return api.post(`/api/golden-sets/${id}/versions`, { yaml: text });
  if (extname(attached.path).toLowerCase() !== '.csv')
    throw new InvalidContentFile(path, `"file" must end in .csv: ${attached.path}`);
  const { file: _, ...definition } = document;
  const csv = new TextDecoder().decode(attached.bytes);
  return api.post(`/api/golden-sets/${id}/sheet`, { definition, csv });
}

function applyTable(api: Api, { path, id, document, attached }: ContentFile): Promise<Answer> {
  if (!attached) return api.put(`/api/tables/${id}`, JSON.stringify(document), 'application/json');
  const mediaType = TABLE_TYPES[extname(attached.path).toLowerCase()];
  if (mediaType === undefined) {
    throw new InvalidContentFile(
      path,
      `"file" must end in ${Object.keys(TABLE_TYPES).join(', ')}: ${attached.path}`,
    );
  }
  return api.put(`/api/tables/${id}`, attached.bytes, mediaType);
}
