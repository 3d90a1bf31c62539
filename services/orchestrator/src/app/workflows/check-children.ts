import { closest, templatePaths, type BlockDefinition, type WorkflowDefinition } from '@duofactory/contracts';
import type { Transaction } from '../../store/transaction.js';
import { readLatestVersion, readVersion, workflowIds } from '../../store/workflows.js';
import type { DefinitionFault } from './check-definition.js';
import { WORKFLOW_BLOCK } from './own-block-types.js';

/**
 * Workflows that run inside this one: whether they are published, have the block whose payloads are asked for, and take
 * the inputs that they are given. What a template names is known when its task is made, and checked then.
 */
export async function childFaults(
  tx: Transaction,
  definition: WorkflowDefinition,
): Promise<DefinitionFault[]> {
  const faults: DefinitionFault[] = [];
  for (const block of definition.blocks) {
    if (block.type !== WORKFLOW_BLOCK.type) continue;
    const reference = block.with?.['workflow'];
    if (typeof reference !== 'string' || templatePaths(reference).length > 0) continue;
    const child = reference === definition.id ? definition : await published(tx, reference);
    if (child) faults.push(...misfits(block, reference, child));
    else faults.push(fault(block, 'workflow', 'unknown-reference', await unknown(tx, reference)));
  }
  return faults;
}

async function published(tx: Transaction, reference: string): Promise<WorkflowDefinition | undefined> {
  const [id, which] = reference.split('@');
  const version = which === undefined ? await readLatestVersion(tx, id!) : Number(which);
  if (version === undefined || !Number.isInteger(version)) return undefined;
  return (await readVersion(tx, id!, version))?.definition;
}

async function unknown(tx: Transaction, reference: string): Promise<string> {
  const [id, which] = reference.split('@');
  const ids = await workflowIds(tx);
  if (ids.includes(id!))
    return which === undefined
      ? `The workflow "${id}" has a draft alone: publish it first`
      : `The workflow "${id}" has no version "${which}"`;
  const near = closest(id!, ids);
  return `No workflow "${id}" is published${near ? `; did you mean "${near}"?` : ''}`;
}

function misfits(block: BlockDefinition, reference: string, child: WorkflowDefinition): DefinitionFault[] {
  const { inputs = {}, output } = (block.with ?? {}) as { inputs?: object; output?: string };
  const declared = child.inputs ?? {};
  const ids = child.blocks.map(({ id }) => id);
  const faults: DefinitionFault[] = [];
  if (output !== undefined && templatePaths(output).length === 0 && !ids.includes(output)) {
    const message = `The workflow "${reference}" has no block "${output}"; it has ${ids.join(', ')}`;
    faults.push(fault(block, 'output', 'unknown-block', message));
  }
  for (const name of Object.keys(inputs)) {
    if (Object.hasOwn(declared, name)) continue;
    const near = closest(name, Object.keys(declared));
    const message = `The workflow "${reference}" has no input "${name}"${near ? ` (did you mean "${near}"?)` : ''}`;
    faults.push(fault(block, `inputs.${name}`, 'unknown-input', message));
  }
  for (const [name, { type, default: value }] of Object.entries(declared)) {
    if (value !== undefined || Object.hasOwn(inputs, name)) continue;
    const message = `The workflow "${reference}" needs the input "${name}": a ${type}`;
    faults.push(fault(block, `inputs.${name}`, 'missing-input', message));
  }
  return faults;
}

function fault({ id }: BlockDefinition, field: string, code: string, message: string): DefinitionFault {
  return { code, block: id, field: `blocks.${id}.with.${field}`, message };
}
