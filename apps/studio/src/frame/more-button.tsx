import { Button } from '@mantine/core';

interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** The next page of a list, where there is one. */
export function MoreButton({ of: query }: { of: Paged }) {
  if (!query.hasNextPage) return null;
  return (
    <div className="inside">
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        More
      </Button>
    </div>
  );
}
