import { InvalidYaml, readYaml } from '@duofactory/platform';
import { glob, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** A content file, parsed. */
export interface ContentFile {
  readonly path: string;
  readonly kind: string;
  readonly id: string;
  /** As it is written, with its comments. */
  readonly text: string;
  readonly document: Record<string, unknown>;
  /** Bytes of the file that a table or a golden set names, with its path. */
  readonly attached?: { readonly path: string; readonly bytes: Uint8Array };
}

/** A file cannot be used. The message names it, and the line where there is one. */
export class InvalidContentFile extends Error {
  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.name = 'InvalidContentFile';
  }
}

const KINDS = ['table', 'course', 'prompt', 'evaluator', 'golden-set', 'workflow'];
/** Their rows or cases may lie in a file beside them. */
const WITH_FILES = ['table', 'golden-set'];

/** Reads files and folders (all `*.yaml`, `*.yml` below), in the order in which they can be applied. */
export async function readContent(paths: readonly string[]): Promise<ContentFile[]> {
  const files: ContentFile[] = [];
  for (const path of paths) for (const file of await filesOf(path)) files.push(await readOne(file));
  files.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.id < b.id ? -1 : 1));
  return childrenFirst(files);
}

/** Workflows that run inside others, and evaluators that others ask, are applied before them. */
function childrenFirst(files: readonly ContentFile[]): ContentFile[] {
  const ordered = new Set<ContentFile>();
  const place = (file: ContentFile, above: readonly ContentFile[]): void => {
    if (ordered.has(file) || above.includes(file)) return;
    for (const id of childrenOf(file)) {
      const child = files.find((one) => one.kind === file.kind && one.id === id);
      if (child) place(child, [...above, file]);
    }
    ordered.add(file);
  };
  for (const file of files) place(file, []);
  return [...ordered];
}

function childrenOf({ kind, document }: ContentFile): string[] {
  if (kind === 'evaluator') return partsOf(document);
  const { blocks } = document;
  if (kind !== 'workflow' || !Array.isArray(blocks)) return [];
  return (blocks as { type?: unknown; with?: { workflow?: unknown } | null }[]).flatMap((block) => {
    const reference = block?.type === 'workflow' ? block.with?.workflow : undefined;
    return typeof reference === 'string' ? [reference.split('@')[0]!] : [];
  });
}

/** Of a composite. */
function partsOf({ with: configuration }: Record<string, unknown>): string[] {
  const { evaluators } = (configuration ?? {}) as { evaluators?: unknown };
  if (!Array.isArray(evaluators)) return [];
  return (evaluators as ({ evaluator?: unknown } | null)[]).flatMap((part) =>
    typeof part?.evaluator === 'string' ? [part.evaluator.split('@')[0]!] : [],
  );
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => {
    throw new InvalidContentFile(path, 'There is no such file or folder');
  });
  if (!found.isDirectory()) return [path];
  const files: string[] = [];
  for await (const name of glob('**/*.{yaml,yml}', { cwd: path })) files.push(join(path, name));
  if (files.length === 0) throw new InvalidContentFile(path, 'The folder has no .yaml file');
  return files.sort();
}

async function readOne(path: string): Promise<ContentFile> {
  const text = decode(path, await readFile(path));
  const document = parsed(path, text);
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new InvalidContentFile(path, 'It must be one YAML document with fields');
  const { kind, id, file } = document as { kind?: unknown; id?: unknown; file?: unknown };
  if (typeof kind !== 'string' || !KINDS.includes(kind))
    throw new InvalidContentFile(path, `"kind" must be one of ${KINDS.join(', ')}`);
  if (typeof id !== 'string') throw new InvalidContentFile(path, '"id" is missing');
  const content = { path, kind, id, text, document: document as Record<string, unknown> };
  if (!WITH_FILES.includes(kind) || typeof file !== 'string') return content;
  const attachedPath = resolve(dirname(path), file);
  const bytes = await readFile(attachedPath).catch(() => {
    throw new InvalidContentFile(path, `"file" names ${file}, which is not there`);
  });
  return { ...content, attached: { path: attachedPath, bytes } };
}

function parsed(path: string, text: string): unknown {
  try {
    return readYaml(text);
  } catch (error) {
    if (!(error instanceof InvalidYaml)) throw error;
    throw new InvalidContentFile(`${path}:${error.line}`, error.message);
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidContentFile(path, 'It is not UTF-8: save it as UTF-8');
  }
}
