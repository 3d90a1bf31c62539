import type { WorkflowDraft } from '../api/client.js';

type Faults = WorkflowDraft['errors'];

/** What is wrong, by the id of the block that it is in. */
export type FaultsByBlock = ReadonlyMap<string, Faults>;

const NONE: Faults = [];

export function faultsByBlock(faults: Faults): FaultsByBlock {
  const byBlock = new Map<string, Faults>();
  for (const fault of faults) {
    const block = blockOfFault(fault.field);
    if (block !== undefined) byBlock.set(block, [...(byBlock.get(block) ?? []), fault]);
  }
  return byBlock;
}

/** The same list for as long as nothing new is known of it. */
export const faultsOf = (faults: FaultsByBlock, block: string): Faults => faults.get(block) ?? NONE;

export const blockOfFault = (field: string): string | undefined => /^blocks\.([^.]+)/.exec(field)?.[1];
