import { until } from '@duofactory/testing/network';

const LATE = /unknown-(type|reference)/;

/**
 * Publishes a version of a workflow. Block types and what is published elsewhere are announced by events: a workflow that
 * names one is refused until then. `gone`: why it will never be known, once that is known.
 */
export function publishOnceKnown(
  url: string,
  definition: { readonly id: string },
  gone?: () => string | undefined,
): Promise<void> {
  const isPublished = async (): Promise<boolean> => {
    const response = await fetch(`${url}/api/workflows/${definition.id}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ definition }),
    });
    if (response.ok) return true;
    const problem = await response.text();
    if (!LATE.test(problem)) throw new Error(problem);
    return false;
  };
  return until(isPublished, gone ? { gone } : {});
}
