import { Button, NativeSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type RunDetail } from '../api/client.js';
import { ApiProblem, answer, faultOf, faultWithin } from '../api/problem.js';
import { workflowQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { Dialog } from '../frame/dialog.js';
import { Failure } from '../frame/failure.js';
import { inputsOf, type Declared } from '../start/input-fields.js';
import { useSentAs } from '../start/sent-as.js';
import { costRangeText } from '../values/cost.js';
import { keyText } from '../values/payload-key.js';
import { useTyping } from '../values/typing.js';
import { correctedBy, CorrectedResult, RESULT, type Correction, type Result } from './corrected-result.js';
import { readEdited, RerunInputs, type EditedInputs } from './rerun-inputs.js';

const EVERYTHING = '';
const TYPING_MS = 250;

type Version = 'pinned' | 'latest' | 'draft';

/** What the version asks for. Where that is not told, there is JSON. */
const declaredQuery = (run: RunDetail, version: Version) => ({
  queryKey: ['declared', run.workflow, version === 'pinned' ? run.version : version],
  queryFn: async (): Promise<Declared> => {
    const { workflow: id, version: pinned } = run;
    if (version === 'latest')
      return inputsOf((await queryClient.fetchQuery(workflowQuery(id))).definition as object);
    const { definition } = await (version === 'draft'
      ? answer(api.GET('/api/workflows/{id}/draft', { params: { path: { id } } }))
      : answer(
          api.GET('/api/workflows/{id}/versions/{version}', {
            params: { path: { id, version: String(pinned) } },
          }),
        ));
    return inputsOf(definition as object);
  },
});

/** A new run beside an ended one: from which block, on which version, and what that takes over or pays. */
export default function RerunDialog(of: {
  run: RunDetail;
  /** Where a person asked for it: the block, and of a row its key. */
  block?: string | undefined;
  payloadKey?: string | undefined;
  /** The result of that row, to be corrected. */
  result?: Result | undefined;
  onClose: () => void;
}) {
  const { run, block, payloadKey, result, onClose } = of;
  const navigate = useNavigate();
  // A corrected result is taken over: what is asked for again comes below it.
  const [from, setFrom] = useState(result ? EVERYTHING : (block ?? EVERYTHING));
  const place = `rerun/${run.id}/${block ?? ''}/${encodeURIComponent(payloadKey ?? '')}`;
  const [correction, setCorrection, forgetCorrection] = useTyping<Correction | null>(place, () =>
    result ? { shown: result } : null,
  );
  const corrected = correction ? correctedBy(correction) : undefined;
  const [inputs, setInputs, forgetInputs] = useTyping<EditedInputs>(`rerun/${run.id}`, () => ({
    values: run.inputs,
    texts: {},
  }));
  const [version, setVersion] = useState<Version>('pinned');
  const declared = useQuery(declaredQuery(run, version));
  const { values } = readEdited(inputs, declared.data ?? []);
  const isEdited = values !== undefined && JSON.stringify(values) !== JSON.stringify(run.inputs);
  const isReadable = values !== undefined && (correction === null || corrected !== undefined);
  const sentAs = useSentAs(place);
  const key = from !== EVERYTHING && from === block ? payloadKey : undefined;
  const body = {
    version,
    ...(from === EVERYTHING ? {} : { from }),
    ...(key ? { key } : {}),
    ...(isEdited ? { inputs: values } : {}),
    ...(block !== undefined && corrected && JSON.stringify(corrected) !== JSON.stringify(result)
      ? { edits: [{ block, key: payloadKey ?? '', result: corrected }] }
      : {}),
  };
  const [asked] = useDebouncedValue(body, TYPING_MS);
  const forecast = useQuery({
    queryKey: ['run', run.id, 'forecast', asked],
    enabled: isReadable,
    queryFn: () =>
      answer(api.POST('/api/runs/{id}/reruns/forecast', { params: { path: { id: run.id } }, body: asked })),
    placeholderData: keepPreviousData,
  });
  const rerun = useMutation({
    mutationFn: async (key: string) =>
      answer(
        api.POST('/api/runs/{id}/reruns', {
          // Changed meanwhile, it is another rerun than the one that had no answer.
          params: { path: { id: run.id }, header: { 'Idempotency-Key': `${key}/${await hashOf(body)}` } },
          body,
        }),
      ),
    onError: (error) => {
      if (error instanceof ApiProblem) sentAs.answered();
    },
    onSuccess: (begun) => {
      sentAs.answered();
      forgetInputs();
      if (result) forgetCorrection();
      queryClient.setQueryData(['run', begun.id], begun);
      onClose();
      return navigate({ to: '/runs/$id', params: { id: begun.id }, search: {} });
    },
  });
  const fault = rerun.error ?? forecast.error;
  return (
    <Dialog title={result ? 'Correct and rerun' : 'Rerun'} size="lg" onClose={onClose}>
      <div style={{ display: 'grid', gap: 12 }}>
        {correction && (
          <>
            <p style={{ margin: 0 }}>
              What {block} made for {keyText(payloadKey ?? '')}: the rerun takes it over as you correct it
              here.
            </p>
            <CorrectedResult
              correction={correction}
              onChange={setCorrection}
              faultAt={(path) => faultOf(fault, path)}
              faultWithin={faultWithin(fault, RESULT)}
            />
          </>
        )}
        <NativeSelect
          label="From"
          description="Tasks of this block are asked for again, those below it if their input differs"
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          data={[
            { value: EVERYTHING, label: 'What failed or changed' },
            ...run.blocks.map(({ block }) => ({ value: block, label: block })),
          ]}
        />
        <NativeSelect
          label="Version"
          value={version}
          onChange={({ currentTarget }) => setVersion(currentTarget.value as Version)}
          data={[
            {
              value: 'pinned',
              label: `As this run: ${run.published ? `version ${run.version}` : 'the draft as it was'} and the references it pinned`,
            },
            // What a test of a block ran is never published, and nobody edits it.
            ...(run.testOf === 'block'
              ? []
              : [
                  { value: 'latest', label: 'Latest: what is published now' },
                  { value: 'draft', label: 'Draft: the workflow as it is being edited' },
                ]),
          ]}
        />
        {key && <p style={{ margin: 0 }}>Only what comes of {keyText(key)} is asked for again.</p>}
        {declared.isPending ? (
          <div className="skeleton" />
        ) : (
          <RerunInputs
            declared={declared.data ?? []}
            edited={inputs}
            onChange={setInputs}
            faultAt={(name) => faultOf(fault, `inputs.${name}`)}
            fault={faultWithin(fault, 'inputs')}
          />
        )}
        {forecast.error && !faultWithin(forecast.error, 'inputs') && !faultWithin(forecast.error, RESULT) && (
          <Failure error={forecast.error} onRetry={() => void forecast.refetch()} />
        )}
        {forecast.data && (
          <div className="scroll-x">
            <table className="rows">
              <thead>
                <tr>
                  <th>Block</th>
                  <th className="number">Taken over</th>
                  <th className="number">If its input differs</th>
                  <th className="number">Asked for again</th>
                  <th className="number">Cost</th>
                </tr>
              </thead>
              <tbody>
                {forecast.data.blocks.map(({ block: name, reused, byInput, anew, cost }) => (
                  <tr key={name}>
                    <td>{name}</td>
                    <td className="number">{reused}</td>
                    <td className="number">{byInput}</td>
                    <td className="number">{anew}</td>
                    <td className="number">{byInput + anew === 0 ? '$0 (reused)' : expectedCost(cost)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {forecast.data?.stops && <div className="notice">It would stop: {forecast.data.stops}</div>}
        <p className="quiet" style={{ margin: 0 }}>
          Costs are those of this run's tasks. Calls that were paid before with the same request are not paid
          again.
        </p>
        {rerun.error && <Failure error={rerun.error} />}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button loading={rerun.isPending} disabled={!isReadable} onClick={() => rerun.mutate(sentAs.key())}>
            Start rerun
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** From what is asked for for certain to what is, if every input comes out otherwise. */
function expectedCost({ anew, byInput }: { anew: number | null; byInput: number | null }): string {
  if (anew === null || byInput === null) return 'price unknown';
  return costRangeText({ p50: anew, p90: anew + byInput });
}

/** One key is one request. */
async function hashOf(body: object): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(body)));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
