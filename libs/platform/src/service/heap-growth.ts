import { setFlagsFromString } from 'node:v8';

const GROWTH_PERCENT = 100;

/**
 * V8 lets a heap grow to as much as four times what was alive in it before it collects again, which pays where memory is
 * one program's own. Several services share a machine: twice has to do. It costs some collections more, and halves what
 * a burst of work takes. No limit: what is alive still gets the memory that it needs.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
