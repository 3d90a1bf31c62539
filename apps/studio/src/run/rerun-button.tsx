import { Button } from '@mantine/core';
import { Suspense, useState } from 'react';
import { lazyPart } from '../api/load-part.js';
import type { RunDetail } from '../api/client.js';
import type { Result } from './corrected-result.js';

const RerunDialog = lazyPart(() => import('./rerun-dialog.js'));

const ENDED = ['completed', 'partial', 'failed', 'cancelled'];

/** Offered once a run has ended: of the run, of a block, of one payload. */
export function RerunButton(of: {
  run: RunDetail;
  label: string;
  block?: string;
  payloadKey?: string;
  /** Of the row, to be corrected first. */
  result?: Result;
  small?: boolean;
}) {
  const { run, label, block, payloadKey, result, small = false } = of;
  const [isOpen, setOpen] = useState(false);
  if (!ENDED.includes(run.status)) return null;
  return (
    <>
      <Button
        variant="default"
        {...(small ? { size: 'compact-xs' as const } : {})}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <RerunDialog {...{ run, block, payloadKey, result }} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
