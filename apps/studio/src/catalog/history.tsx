import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { dateText } from '../values/time.js';
import { versionsQuery, type Environment, type EpisodeDetail } from './queries.js';

const STATES: Record<string, string> = {
  publishing: 'Never published',
  published: 'Published',
  superseded: 'Published before',
  recalled: 'Recalled',
};

/** The versions of an episode, and the way back to one of them. */
export function History({ environment, episode }: { environment: Environment; episode: EpisodeDetail }) {
  const { id } = episode;
  const versions = useQuery(versionsQuery(environment, id));
  const rollBack = useMutation({
    mutationFn: async (version: number) => {
      const body = { environment, action: 'rollback' as const, episodes: [id], version };
      const { results } = await answer(api.POST('/api/episodes/actions', { body }));
      const problem = results[0]?.problem;
      if (problem) throw new Error(String(problem['detail']));
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['catalog'] }),
  });
  if (versions.error) return <Failure error={versions.error} onRetry={() => void versions.refetch()} />;
  if (!versions.data) return <div className="skeleton" />;
  return (
    <>
      {rollBack.error && <Failure error={rollBack.error} />}
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Versions">
        <table className="rows">
          <thead>
            <tr>
              <th>Version</th>
              <th>Name</th>
              <th>State</th>
              <th>Made</th>
              <th>
                <span className="hidden">Roll back</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {versions.data.map(({ version, title, state, createdAt }) => (
              <tr key={version}>
                <td>{version}</td>
                <td>{title}</td>
                <td>{version === episode.version ? 'Readers have it' : (STATES[state] ?? state)}</td>
                <td>{dateText(createdAt)}</td>
                <td>
                  {version !== episode.version && (state === 'published' || state === 'superseded') && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      loading={rollBack.isPending && rollBack.variables === version}
                      onClick={() => rollBack.mutate(version)}
                      aria-label={`Roll back to version ${version}`}
                    >
                      Roll back
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
