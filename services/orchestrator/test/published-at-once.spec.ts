import { SystemClock } from '@duofactory/platform';
import { behindALock, useDatabase } from '@duofactory/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Drafts } from '../src/app/workflows/drafts.js';
import { PublishWorkflow } from '../src/app/workflows/publish-workflow.js';
import { References } from '../src/app/workflows/references.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { registerBlockType } from '../src/store/block-types.js';
import { MANIFESTS } from './on-stage.js';

describe('a workflow that is published twice at once', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  const clock = new SystemClock();
  let publish: PublishWorkflow;
  let drafts: Drafts;

  const saying = (id: string, title: string) => ({
    kind: 'workflow',
    id,
    blocks: [{ id: 'title', type: 'map', needs: [], with: { title } }],
  });
  const lock = (id: string) => `SELECT 1 FROM workflows WHERE id = '${id}' FOR UPDATE`;

  beforeAll(async () => {
    for (const manifest of MANIFESTS)
      await registerBlockType(database.current, { service: 'test', manifest, now: clock.now() });
    publish = new PublishWorkflow(database.current, new References(), clock);
    drafts = new Drafts(database.current, publish, clock);
  });

  it('has one version of it', async () => {
    await publish.publish('twice', saying('twice', 'first'));
    const again = () => publish.publish('twice', saying('twice', 'second'));

    const published = await behindALock(database.current, lock('twice'), [again, again]);

    expect(published.map(({ version }) => version)).toEqual([2, 2]);
    expect(published.map(({ created }) => created).sort()).toEqual([false, true]);
  });

  it('as its draft has one, and both who asked are told which', async () => {
    await publish.publish('drafted', saying('drafted', 'first'));
    const definition = saying('drafted', 'second');
    const { revision } = await drafts.save('drafted', { definition, expected: 'none', by: 'ana' });
    const again = () => drafts.publish('drafted', { expected: revision, by: 'ana' });

    const published = await behindALock(database.current, lock('drafted'), [again, again]);

    expect(published.map(({ version }) => version)).toEqual([2, 2]);
    expect(published.map(({ created }) => created).sort()).toEqual([false, true]);
  });
});
