import { QueryClient } from '@tanstack/react-query';
import { ServerAway } from './problem.js';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The network of a laptop says little of the server's: it is asked, whatever the browser thinks.
      networkMode: 'always',
      staleTime: 5_000,
      retry: (_count, error) => error instanceof ServerAway,
      retryDelay: (count) => Math.min(1_000 * 2 ** count, 5_000),
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
