import { Link } from '@tanstack/react-router';

/** Workflows some of whose blocks name what is looked at: the rows of a list. */
export function UsingWorkflows({
  workflows,
}: {
  workflows: readonly {
    readonly workflow: string;
    readonly version: number | null;
    readonly blocks: readonly { readonly block: string; readonly reference: string }[];
  }[];
}) {
  return workflows.map(({ workflow, version, blocks }) => (
    <li key={`${workflow} ${version}`}>
      <Link to="/workflows/$id" params={{ id: workflow }} search={{ block: blocks[0]!.block }}>
        {workflow}
      </Link>{' '}
      <span className="quiet">
        {version === null ? 'draft' : `version ${version}`}:{' '}
        {blocks.map(({ block, reference }) => `${block} runs ${reference}`).join(', ')}
      </span>
    </li>
  ));
}
