import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { ResultCode } from '../../parts/codes/result-code';
import { DataTable, type Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { inBackground } from '../../parts/in-background';
import { Moment } from '../../parts/moment';
import { useAddressFilter } from '../../parts/query-table';
import { Loaded } from '../../parts/screen';
import { usePreferences } from '../../text/preferences';
import { useText, type Say } from '../../text/use-text';
import { searchTexts } from './search/text';
import { queryOf, type SearchTerms } from './search-terms';

type Found = Schemas['FoundMessage'];

/** Messages of one request. */
const PAGE = 100;

/** @param failed only messages that failed: each has the code of its failure */
function columnsOf(say: Say<typeof searchTexts>, failed: boolean): Column<Found>[] {
  const person = (address: string) => (
    <Link to="/find" search={{ address }} className="hostile">
      {address}
    </Link>
  );
  const failure: Column<Found> = {
    key: 'code',
    title: say('failure'),
    value: ({ code }) => code,
    choose: true,
    show: ({ code }) => <ResultCode code={code} />,
  };
  return [
    { key: 'at', title: say('at'), value: ({ at }) => at, show: ({ at }) => <Moment at={at} /> },
    { key: 'from', title: say('from'), value: ({ from }) => from, show: ({ from }) => person(from) },
    { key: 'to', title: say('to'), value: ({ to }) => to, show: ({ to }) => person(to) },
    ...(failed ? [failure] : []),
    {
      key: 'id',
      title: say('message'),
      value: ({ id }) => id,
      show: ({ id }) => (
        <Link to="/find" search={{ q: id }} className="code">
          {id}
        </Link>
      ),
    },
  ];
}

/** Messages that match the search, newest first, page by page. */
export function FoundMessages({ terms }: { terms: SearchTerms }) {
  const say = useText(searchTexts);
  const { timeZone } = usePreferences();
  const filter = useAddressFilter();
  // All pages of one search mean the same "9:00".
  const [now] = useState(() => new Date());
  const query = useInfiniteQuery({
    queryKey: ['messages', terms, timeZone],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/v1/messages', {
          params: { query: { ...queryOf(terms, timeZone, now), limit: PAGE, ...(cursor && { cursor }) } },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  return (
    <Loaded query={query}>
      {({ pages }) => (
        <DataTable
          name={say('title')}
          columns={columnsOf(say, terms.failed === 'true' || terms.code !== undefined)}
          rows={pages.flatMap(({ items }) => items)}
          rowKey={({ id, at }) => `${id} ${at}`}
          empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
          {...filter}
          hasOwnViews
          toolbar={
            query.hasNextPage && (
              <Button loading={query.isFetchingNextPage} onClick={() => inBackground(query.fetchNextPage())}>
                {say('more', { count: PAGE })}
              </Button>
            )
          }
        />
      )}
    </Loaded>
  );
}
