import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import type { components } from '../api/schema.js';

export type TextFault = components['schemas']['PromptFault'];
export type Checked = components['schemas']['CheckedPrompt'];

const REST_MS = 250;

/** What the server finds wrong with a prompt while it is typed. `known`: what the blocks that use it give; none: nobody knows. */
export function useCheck(definition: object, known: readonly string[] | undefined): Checked | undefined {
  const now = useMemo(() => ({ definition, known }), [definition, known]);
  const [of] = useDebouncedValue(now, REST_MS);
  return useQuery({
    queryKey: ['prompt-check', of],
    queryFn: () =>
      answer(
        api.POST('/api/prompt-runs/check', {
          body: {
            definition: of.definition as Record<string, unknown>,
            ...(of.known ? { known: [...of.known] } : {}),
          },
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  }).data;
}
