import {
  brokenTemplates,
  durationMs,
  templatePaths,
  type BlockDefinition,
  type BlockManifest,
  type WorkflowDefinition,
} from '@duofactory/contracts';
import { closest } from '@duofactory/contracts';
import type { MinSuccess, Plan, PlannedBlock, PlannedNeed, PlannedRepeat, Refusal } from './plan.js';
import { checkEdits } from './edits.js';
import { planRepeat } from './repeat.js';

export type Definition = Pick<WorkflowDefinition, 'blocks' | 'inputs' | 'variables' | 'maxPayloads'>;

const RESERVED = new Set(['key', 'round', 'payloads']);

/** A definition as a plan, or every reason why it is refused. */
export function compile(
  definition: Definition,
  manifests: ReadonlyMap<string, BlockManifest>,
): { plan: Plan } | { refusals: Refusal[] } {
  const unknown = checkNames(definition, manifests);
  if (unknown.length > 0) return { refusals: unknown };

  const needsOf = new Map(
    definition.blocks.map((block, position) => [block.id, needs(definition.blocks, block, position)]),
  );
  const placed = placeInOrder(definition.blocks, needsOf);
  if ('cycle' in placed) {
    const { cycle } = placed;
    const others = needsOf.get(cycle)!.some(({ block }) => block === cycle) ? '' : ', by way of others';
    const message = `Block "${cycle}" needs itself${others}: take a need out of the circle`;
    return { refusals: [{ code: 'cycle', block: cycle, field: 'needs', message }] };
  }

  const refusals: Refusal[] = [];
  const drafts = new Map<string, PlannedBlock>();
  for (const block of placed.order) {
    const manifest = manifests.get(block.type)!;
    const draft = planBlock({
      block,
      manifest,
      needs: needsOf.get(block.id)!,
      index: drafts.size,
      drafts,
      refusals,
    });
    drafts.set(block.id, draft);
  }
  const blocks = [...drafts.values()];
  const linked = blocks.map((block) => ({
    ...block,
    below: blocks.filter((other) => other.needs.some((need) => need.block === block.id)).map(({ id }) => id),
    countedBy: blocks
      .filter((other) => other.scope !== undefined && other.above.includes(block.id))
      .map(({ id }) => id),
  }));
  const looped = withLoops(definition, linked, refusals);
  const plan: Plan = {
    blocks: looped,
    byId: new Map(looped.map((block) => [block.id, block])),
    maxPayloads: definition.maxPayloads ?? 1_000_000,
  };
  checkTemplates(definition, manifests, plan, refusals);
  checkEdits(plan, refusals);
  return refusals.length > 0 ? { refusals } : { plan };
}

function withLoops(
  definition: Definition,
  blocks: readonly PlannedBlock[],
  refusals: Refusal[],
): PlannedBlock[] {
  const writtenOf = new Map(definition.blocks.map(({ id, repeat }) => [id, repeat]));
  const repeating = blocks.filter(({ id }) => writtenOf.get(id)).map(({ id }) => id);
  const repeats = new Map<string, PlannedRepeat>();
  for (const block of blocks) {
    const written = writtenOf.get(block.id);
    const planned = written && planRepeat({ written, block, blocks, repeating, refusals });
    if (planned) repeats.set(block.id, planned);
  }
  const loopOf = new Map([...repeats].flatMap(([id, { body }]) => body.map((inner) => [inner, id] as const)));
  return blocks.map((block) => ({ ...block, repeat: repeats.get(block.id), loop: loopOf.get(block.id) }));
}

function checkNames(
  { blocks, inputs = {}, variables = {} }: Definition,
  manifests: ReadonlyMap<string, BlockManifest>,
): Refusal[] {
  const refusals: Refusal[] = [];
  const ids = blocks.map(({ id }) => id);
  const seen = new Set<string>();
  for (const { id, type, needs: named = [], per, repeat } of blocks) {
    const refuse = (code: string, field: string, message: string): void =>
      void refusals.push({ code, block: id, field, message });
    if (seen.has(id)) refuse('duplicate-id', 'id', `Two blocks have the id "${id}"`);
    seen.add(id);
    if (RESERVED.has(id))
      refuse('reserved-id', 'id', `"${id}" has a meaning of its own in expressions: choose another id`);
    if (Object.hasOwn(inputs, id) || Object.hasOwn(variables, id)) {
      refuse(
        'name-clash',
        'id',
        `"${id}" is also the name of an input or a variable: templates could not tell them apart`,
      );
    }
    if (!manifests.has(type)) {
      refuse(
        'unknown-type',
        'type',
        `No service announced the block type "${type}"${hint(type, [...manifests.keys()])}`,
      );
    }
    for (const name of [...named.map(needOf).map((need) => need.block), per, repeat?.from]) {
      if (name !== undefined && !ids.includes(name)) {
        refuse(
          'unknown-block',
          name === per ? 'per' : name === repeat?.from ? 'repeat' : 'needs',
          `There is no block "${name}"${hint(name, ids)}`,
        );
      }
    }
  }
  for (const name of Object.keys(variables)) {
    if (Object.hasOwn(inputs, name))
      refusals.push({
        code: 'name-clash',
        block: blocks[0]!.id,
        message: `"${name}" is both an input and a variable`,
      });
  }
  return refusals;
}

function hint(name: string, known: readonly string[]): string {
  const near = closest(name, known);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

type WrittenNeed = NonNullable<BlockDefinition['needs']>[number];

function needOf(need: WrittenNeed): PlannedNeed {
  return typeof need === 'string'
    ? { block: need, optional: false }
    : { block: need.block, optional: need.optional ?? false };
}

function needs(blocks: readonly BlockDefinition[], block: BlockDefinition, position: number): PlannedNeed[] {
  if (block.needs) return block.needs.map(needOf);
  return position === 0 ? [] : [{ block: blocks[position - 1]!.id, optional: false }];
}

/** Again and again the first block of the list whose needs are placed. */
function placeInOrder(
  blocks: readonly BlockDefinition[],
  needsOf: ReadonlyMap<string, readonly PlannedNeed[]>,
): { order: BlockDefinition[] } | { cycle: string } {
  const order: BlockDefinition[] = [];
  const placed = new Set<string>();
  while (order.length < blocks.length) {
    const next = blocks.find(
      ({ id }) => !placed.has(id) && needsOf.get(id)!.every((need) => placed.has(need.block)),
    );
    if (!next) return { cycle: firstInCycle(blocks, needsOf) };
    order.push(next);
    placed.add(next.id);
  }
  return { order };
}

/** The first block of the list that can be reached from itself. */
function firstInCycle(
  blocks: readonly BlockDefinition[],
  needsOf: ReadonlyMap<string, readonly PlannedNeed[]>,
): string {
  const reaches = (from: string): boolean => {
    const seen = new Set<string>();
    const open = [...needsOf.get(from)!];
    for (let need = open.pop(); need; need = open.pop()) {
      if (need.block === from) return true;
      if (seen.has(need.block)) continue;
      seen.add(need.block);
      open.push(...needsOf.get(need.block)!);
    }
    return false;
  };
  return blocks.find(({ id }) => reaches(id))!.id;
}

interface Draft {
  readonly block: BlockDefinition;
  readonly manifest: BlockManifest;
  readonly needs: readonly PlannedNeed[];
  readonly index: number;
  readonly drafts: ReadonlyMap<string, PlannedBlock>;
  readonly refusals: Refusal[];
}

function planBlock(draft: Draft): PlannedBlock {
  const { block, manifest, needs: named, index, drafts } = draft;
  const input = manifest.input === 'both' ? (block.input ?? 'each') : manifest.input;
  const samples = manifest.samples === true && input === 'each' && manifest.output === 'one';
  const forks = samples || manifest.output === 'many';
  const order = [...drafts.keys()];
  const sorted = (ids: Iterable<string>): string[] => {
    const set = new Set(ids);
    return order.filter((id) => set.has(id));
  };
  const lead = named.map((need) => drafts.get(need.block)!);
  const above = sorted(lead.flatMap((need) => [need.id, ...need.above]));
  const joined = sorted(lead.flatMap((need) => need.signature));
  const match =
    lead.length > 1 ? order.filter((id) => lead.every((need) => need.signature.includes(id))) : [];
  const scope = scopeOf(draft, input, above, match);
  const taskSignature = input === 'all' ? (scope ?? []) : joined;
  const payloadSignature = manifest.output === 'pick' ? joined : taskSignature;
  const sees = seenAbove(draft, input);
  const planned: PlannedBlock = {
    index,
    id: block.id,
    type: block.type,
    typeVersion: manifest.version,
    input,
    output: manifest.output,
    samples,
    times: block.times ?? 1,
    forks,
    needs: named,
    signature: forks ? [...payloadSignature, block.id] : payloadSignature,
    taskSignature,
    scope,
    match,
    per: block.per,
    cross: block.cross ?? false,
    when: block.when,
    repeat: undefined,
    loop: undefined,
    onError: block.onError ?? 'fail',
    minSuccess: minSuccessOf(block.minSuccess),
    retry: {
      attempts: block.retry?.attempts ?? 4,
      baseMs: durationMs(block.retry?.base ?? '1s'),
      capMs: durationMs(block.retry?.cap ?? '1m'),
    },
    timeoutMs: durationMs(block.timeout ?? manifest.timeout ?? '60s'),
    deadlineMs: block.deadline === undefined ? undefined : durationMs(block.deadline),
    concurrency: block.concurrency ?? 1000,
    with: block.with ?? {},
    above,
    below: [],
    countedBy: [],
    sees: [{ block: block.id, guards: [] }, ...sees],
    reads: sees.map((sight) => sight.block),
  };
  checkBlock(draft, planned);
  return planned;
}

/** The signature of the groups that a block waits for; undefined: it never waits. */
function scopeOf(
  draft: Draft,
  input: 'each' | 'all',
  above: readonly string[],
  shared: readonly string[],
): string[] | undefined {
  const { block, needs: named, drafts } = draft;
  if (input === 'all') return block.per === undefined ? [] : [...(drafts.get(block.per)?.signature ?? [])];
  if (named.length < 2) return undefined;
  for (let length = shared.length; length > 0; length -= 1) {
    const candidates = signaturesWithin(shared, length, above, drafts);
    const born = candidates.find((scope) => births(scope, above, drafts).length === 1);
    if (born) return born;
  }
  return [];
}

/** Signatures of blocks above, of this length, that lie within the shared segments; first in plan order first. */
function signaturesWithin(
  shared: readonly string[],
  length: number,
  above: readonly string[],
  drafts: ReadonlyMap<string, PlannedBlock>,
): string[][] {
  const found = new Map<string, string[]>();
  for (const id of above) {
    const signature = drafts.get(id)!.signature.filter((segment) => shared.includes(segment));
    if (signature.length === length) found.set(signature.join('/'), signature);
  }
  return [...found.values()];
}

/**
 * Blocks above that have all segments of the scope while none of their needs has: where such groups come to be. An
 * optional need that has them may have nothing for a group: then it comes to be behind it.
 */
function births(
  scope: readonly string[],
  above: readonly string[],
  drafts: ReadonlyMap<string, PlannedBlock>,
): string[] {
  const has = (id: string): boolean => scope.every((segment) => drafts.get(id)!.signature.includes(segment));
  const needed = (id: string): readonly PlannedNeed[] =>
    drafts.get(id)!.needs.filter(({ optional }) => !optional);
  return above.filter((id) => has(id) && !needed(id).some((need) => has(need.block)));
}

interface Sight {
  readonly block: string;
  readonly guards: readonly (readonly string[])[];
}

/** What its payloads see above it: the way that they came; below an `all` block with results of its own, that of the payload of `per`. */
function seenAbove({ block, manifest, needs: named, drafts }: Draft, input: 'each' | 'all'): Sight[] {
  if (input === 'all' && manifest.output !== 'pick') {
    return block.per === undefined ? [] : [...(drafts.get(block.per)?.sees ?? [])];
  }
  return seenThroughNeeds(named, drafts);
}

/** The blocks seen through any of the needs. What is seen through optional needs alone is seen if they have a payload. */
export function seenThroughNeeds(
  named: readonly PlannedNeed[],
  blocks: ReadonlyMap<string, Pick<PlannedBlock, 'sees'>>,
): Sight[] {
  const sights = new Map<string, (readonly string[])[] | 'always'>();
  for (const need of named) {
    for (const { block, guards } of blocks.get(need.block)!.sees) {
      const ways = guards.length === 0 ? [[]] : guards;
      const guarded = need.optional ? ways.map((way) => [need.block, ...way]) : ways;
      const known = sights.get(block) ?? [];
      const always = known === 'always' || guarded.some((way) => way.length === 0);
      sights.set(block, always ? 'always' : [...known, ...guarded]);
    }
  }
  return [...sights].map(([block, guards]) => ({ block, guards: guards === 'always' ? [] : guards }));
}

function minSuccessOf(written: BlockDefinition['minSuccess']): MinSuccess | undefined {
  if (written === undefined) return undefined;
  return typeof written === 'number' ? { count: written } : { share: Number(written.slice(0, -1)) / 100 };
}

function checkBlock({ block, manifest, needs: named, drafts, refusals }: Draft, planned: PlannedBlock): void {
  const refuse = (code: string, field: string, message: string): void =>
    void refusals.push({ code, block: block.id, field, message });
  const needed = named.map((need) => drafts.get(need.block)!);
  if (planned.input === 'all' && named.length === 0) {
    refuse(
      'all-needs-a-block-above',
      'needs',
      `"${block.type}" takes all payloads of a block above, and there is none`,
    );
  }
  if (planned.input === 'all' && named.length > 0 && named.every((need) => need.optional)) {
    refuse('all-needs-optional', 'needs', 'At least one need must not be optional');
  } else if (named.length > 0 && named.every((need) => need.optional)) {
    refuse('all-needs-optional', 'needs', 'At least one need must not be optional');
  }
  checkOptional(named, drafts, refuse);
  const twice = named.find(({ block: id }, n) => named.findIndex((need) => need.block === id) !== n);
  if (twice) refuse('duplicate-need', 'needs', `"${twice.block}" stands in \`needs\` twice`);
  const { base, cap } = block.retry ?? {};
  if (base !== undefined && cap !== undefined && durationMs(base) > durationMs(cap))
    refuse('retry-base-over-cap', 'retry', `\`base\` (${base}) must not be over \`cap\` (${cap})`);
  if (!planned.cross && !hangTogether(needed.filter((need) => need.signature.length > 0))) {
    refuse(
      'join-without-shared-lineage',
      'needs',
      'These blocks share no lineage: set `cross: true` for every combination',
    );
  }
  if (planned.times !== 1 && !planned.samples) {
    refuse('times-without-samples', 'times', `"${block.type}" makes no samples: remove \`times\``);
  }
  if (planned.minSuccess && planned.onError === 'fail') {
    refuse('min-success-with-fail', 'minSuccess', '`minSuccess` goes with `onError: drop` or `keep`');
  }
  if (block.input !== undefined && manifest.input !== 'both' && block.input !== manifest.input) {
    refuse('input-fixed', 'input', `"${block.type}" takes ${manifest.input}: remove \`input\``);
  }
  checkPer(planned, named, drafts, refuse);
}

type Refuse = (code: string, field: string, message: string) => void;

function checkOptional(
  named: readonly PlannedNeed[],
  drafts: ReadonlyMap<string, PlannedBlock>,
  refuse: Refuse,
): void {
  const firm = new Set(
    named.filter((need) => !need.optional).flatMap((need) => drafts.get(need.block)!.signature),
  );
  for (const need of named) {
    if (!need.optional) continue;
    const added = drafts.get(need.block)!.signature.filter((segment) => !firm.has(segment));
    if (added.length > 0) {
      refuse(
        'optional-adds-lineage',
        'needs',
        `Optional "${need.block}" has segments that the other needs have not: ${added.join(', ')}`,
      );
    }
  }
}

/** Whether the blocks are one piece when any two that share a segment are tied. */
function hangTogether(blocks: readonly PlannedBlock[]): boolean {
  const [first, ...rest] = blocks;
  if (!first) return true;
  const reached = new Set(first.signature);
  let open = rest;
  for (;;) {
    const tied = open.filter((block) => block.signature.some((segment) => reached.has(segment)));
    if (tied.length === 0) return open.length === 0;
    for (const block of tied) block.signature.forEach((segment) => reached.add(segment));
    open = open.filter((block) => !tied.includes(block));
  }
}

function checkPer(
  planned: PlannedBlock,
  named: readonly PlannedNeed[],
  drafts: ReadonlyMap<string, PlannedBlock>,
  refuse: Refuse,
): void {
  const { per } = planned;
  if (per === undefined) return;
  if (planned.input !== 'all') {
    refuse('per-on-each', 'per', '`per` groups the payloads of a block that takes all');
    return;
  }
  const group = drafts.get(per);
  const within =
    group !== undefined &&
    named.every((need) =>
      group.signature.every((segment) => drafts.get(need.block)!.signature.includes(segment)),
    );
  const seen = named.some(
    (need) =>
      !need.optional &&
      drafts.get(need.block)!.sees.some((sight) => sight.block === per && sight.guards.length === 0),
  );
  if (!within || !seen) {
    refuse('per-not-in-lineage', 'per', `The payloads that come here did not all come through "${per}"`);
    return;
  }
  if (group.signature.length > 0 && births(group.signature, planned.above, drafts).length !== 1) {
    refuse('per-not-born-once', 'per', `Groups of "${per}" come to be in more than one place`);
  }
}

/** Every template must name a block that the task sees, an input or a variable. */
function checkTemplates(
  definition: Definition,
  manifests: ReadonlyMap<string, BlockManifest>,
  plan: Plan,
  refusals: Refusal[],
): void {
  const given = [...Object.keys(definition.inputs ?? {}), ...Object.keys(definition.variables ?? {})];
  for (const block of plan.blocks) {
    const raw = new Set(manifests.get(block.type)!.raw ?? []);
    const readable =
      block.input === 'all' && block.output === 'pick'
        ? block.per === undefined
          ? []
          : plan.byId.get(block.per)!.sees.map((sight) => sight.block)
        : block.reads;
    const known = [...readable, ...given];
    for (const [field, value] of Object.entries(block.with)) {
      if (raw.has(field)) continue;
      for (const broken of brokenTemplates(value)) {
        const message = `"${broken}" is no template: write {{name}} or {{name.field}}, and nothing else between the braces`;
        refusals.push({ code: 'invalid-template', block: block.id, field: `with.${field}`, message });
      }
      for (const path of templatePaths(value)) {
        const root = path.replace(/^image:/, '').split('.')[0]!;
        if (known.includes(root)) continue;
        const message = `Nothing gives "{{${path}}}": no block above, input or variable is called "${root}"${hint(root, known)}`;
        refusals.push({ code: 'missing-variable', block: block.id, field: `with.${field}`, message });
      }
    }
  }
}
