import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type DeadLetter } from '../api/client.js';
import { inPieces } from '../api/in-pieces.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { whenText } from '../values/time.js';

/** The newest first; many are chosen and sent again together. */
export function LetterTable(of: {
  letters: readonly DeadLetter[];
  opened: string | undefined;
  /** More are on the server than these. */
  hasMore: boolean;
  onSaid: (what: string) => void;
}) {
  const { letters, opened, hasMore, onSaid } = of;
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  // What is gone meanwhile is chosen no more.
  const chosen = letters.filter(({ id }) => marked.has(id));
  const [all, setAll] = useState<readonly string[]>();
  const find = useMutation({ mutationFn: allLetters, onSuccess: setAll });
  const clear = (): void => {
    setMarked(new Set());
    setAll(undefined);
  };
  const [sent, setSent] = useState(0);
  const redrive = useMutation({
    mutationFn: (ids: readonly string[]) => redriveAll(ids, setSent),
    onSuccess: (refused, ids) => {
      onSaid(`${(ids.length - refused.length).toLocaleString()} sent again.`);
      clear();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
  const toggle = (id: string): void => {
    const next = new Set(chosen.map((one) => one.id));
    if (!next.delete(id)) next.add(id);
    setMarked(next);
    setAll(undefined);
  };
  const isPageChosen = chosen.length === letters.length;
  // In the order in which they came.
  const ids = all ?? chosen.map(({ id }) => id).reverse();
  const refused = redrive.data ?? [];
  return (
    <>
      {ids.length > 0 && (
        <div className="inside buttons" role="group" aria-label="Chosen messages">
          <span>{ids.length.toLocaleString()} selected</span>
          {isPageChosen && hasMore && all === undefined && (
            <Button size="compact-sm" variant="subtle" loading={find.isPending} onClick={() => find.mutate()}>
              Select all there are
            </Button>
          )}
          <Button
            size="compact-sm"
            loading={redrive.isPending}
            onClick={() => {
              setSent(0);
              redrive.mutate(ids);
            }}
          >
            Redrive {ids.length.toLocaleString()}
          </Button>
          <Button size="compact-sm" variant="subtle" disabled={redrive.isPending} onClick={clear}>
            Select none
          </Button>
          {redrive.isPending && (
            <span role="status">
              {sent.toLocaleString()} of {ids.length.toLocaleString()}…
            </span>
          )}
        </div>
      )}
      {(redrive.error ?? find.error) && <Failure error={(redrive.error ?? find.error)!} />}
      {refused.length > 0 && (
        <div className="notice" role="alert">
          {refused.length.toLocaleString()} not sent again:
          <ul className="refused">
            {refused.map(({ id, message }) => (
              <li key={id}>
                <Link to="/operations" search={{ letter: id }}>
                  <code>{id.slice(0, 8)}</code>
                </Link>{' '}
                {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="scroll-x">
        <table className="rows">
          <thead>
            <tr>
              <th className="box">
                <label>
                  <input
                    type="checkbox"
                    aria-label="Select page"
                    title="Select page: the messages that were read so far"
                    checked={isPageChosen}
                    onChange={({ currentTarget }) => {
                      setMarked(new Set(currentTarget.checked ? letters.map(({ id }) => id) : []));
                      setAll(undefined);
                    }}
                  />
                </label>
              </th>
              <th>Message</th>
              <th>Reason</th>
              <th className="wide-only">Who could not handle it</th>
              <th className="number wide-only">Attempts</th>
              <th>Parked</th>
            </tr>
          </thead>
          <tbody>
            {letters.map(({ id, topic, group, errorCode, errorMessage, attempts, parkedAt }) => (
              <tr key={id} aria-selected={id === opened}>
                <td className="box">
                  <label>
                    <input
                      type="checkbox"
                      aria-label={`Select ${topic} ${id.slice(0, 8)}`}
                      checked={marked.has(id)}
                      onChange={() => toggle(id)}
                    />
                  </label>
                </td>
                <td>
                  <Link to="/operations" search={{ letter: id }}>
                    {topic} <code>{id.slice(0, 8)}</code>
                  </Link>
                </td>
                <td className="value">
                  {errorMessage} <code className="quiet">{errorCode}</code>
                </td>
                <td className="wide-only">{group}</td>
                <td className="number wide-only">{attempts}</td>
                <td>{whenText(parkedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** The server gives so many at a time. */
const PAGE = 200;

/** In the order in which they came. */
async function allLetters(): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await answer(api.GET('/api/dead-letters', { params: { query } }));
    ids.push(...page.deadLetters.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids.reverse();
}

/** What was refused; the others are sent. */
function redriveAll(
  ids: readonly string[],
  onSent: (count: number) => void,
): Promise<{ id: string; message: string }[]> {
  const redrive = async (some: string[]): Promise<{ id: string; message: string }[]> =>
    (await answer(api.POST('/api/dead-letters/redrives', { body: { ids: some } }))).refused;
  return inPieces(ids, redrive, onSent);
}
