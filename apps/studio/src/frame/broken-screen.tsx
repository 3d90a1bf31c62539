import { queryClient } from '../api/query-client.js';
import { Failure } from './failure.js';

/** In place of a screen that cannot be drawn; the frame around it stays. What is tried again is read anew. */
export function BrokenScreen({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <section className="panel" aria-labelledby="broken">
      <header>
        <h1 id="broken">This screen cannot be shown</h1>
      </header>
      <Failure
        error={error}
        onRetry={() => {
          queryClient.removeQueries({ type: 'inactive' });
          reset();
        }}
      />
    </section>
  );
}
