import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { versionsQuery } from '../definitions/definition-queries.js';

/** Which version is started: the latest of then, or one for ever. `reference`: `shelf`, `shelf@3`. */
export function VersionToStart({
  workflow,
  reference,
  fault,
  onChange,
}: {
  workflow: string;
  reference: string;
  fault: string | undefined;
  onChange: (reference: string) => void;
}) {
  const versions = useQuery(versionsQuery('workflows', workflow));
  const [, chosen] = reference.split('@');
  const known = versions.data?.map(({ version }) => String(version)) ?? [];
  const listed = chosen === undefined || known.includes(chosen) ? known : [chosen, ...known];
  return (
    <NativeSelect
      label="Starts"
      value={chosen ?? ''}
      error={fault}
      onChange={({ currentTarget: { value } }) => onChange(value === '' ? workflow : `${workflow}@${value}`)}
      data={[
        { value: '', label: 'The latest version of then' },
        ...listed.map((version) => ({ value: version, label: `Version ${version}` })),
      ]}
    />
  );
}
