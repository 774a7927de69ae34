import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf } from '../../../api/lists';
import { useMay } from '../../../api/me';
import { amountColumn, momentColumn, tagColumn, textColumn } from '../../../parts/columns';
import { DataTable, type Column } from '../../../parts/data-table';
import { Loaded, Panel } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { ResolveDifference } from './resolve';
import { differenceTexts } from './text';

type Difference = Schemas['Difference'];

function columnsOf(say: Say<typeof differenceTexts>, mayResolve: boolean): Column<Difference>[] {
  return [
    { key: 'network', title: say('network'), value: ({ network }) => network, choose: true },
    amountColumn('amount', say('amountShort')),
    textColumn('text', say('text')),
    tagColumn({
      key: 'state',
      title: say('state'),
      value: ({ state }) => say(state),
      colour: ({ state }) => (state === 'open' ? 'warning' : 'default'),
    }),
    momentColumn('raisedAt', say('raisedAt')),
    {
      key: 'resolution',
      title: say('resolution'),
      value: ({ resolution }) => resolution,
      show: (difference) =>
        difference.state === 'open' && mayResolve ? (
          <ResolveDifference difference={difference} />
        ) : (
          <span className="hostile">{difference.resolution}</span>
        ),
    },
  ];
}

/** What members say against their statements of a day. */
export function DifferencesPanel({ date }: { date: string }) {
  const say = useText(differenceTexts);
  const mayResolve = useMay()('differences:resolve');
  const [filter, setFilter] = useState<string>();
  const query = useQuery({
    queryKey: ['differences', date],
    queryFn: () =>
      allRows<Difference>((cursor) =>
        answer(
          api.GET('/v1/business-days/{date}/differences', {
            params: { path: { date }, query: pageOf(cursor) },
          }),
        ),
      ),
  });
  return (
    <Panel title={say('title')}>
      <Loaded query={query}>
        {({ rows, more }) => (
          <DataTable<Difference>
            name={say('title')}
            columns={columnsOf(say, mayResolve)}
            rows={rows}
            more={more}
            rowKey={({ id }) => id}
            empty={<p className="quiet">{say('none')}</p>}
            filter={filter}
            onFilter={setFilter}
          />
        )}
      </Loaded>
    </Panel>
  );
}
