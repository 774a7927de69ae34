import { Button } from 'antd';
import { useMemo } from 'react';
import type { Pair, Topology, TopologyEdge } from '../../api/topology';
import { tagColumn } from '../../parts/columns';
import { DataTable, type Column } from '../../parts/data-table';
import { useAddressFilter } from '../../parts/query-table';
import { useFormats, useText } from '../../text/use-text';
import { failedShare, healthOf, statesOf } from './health';
import { topologyTexts } from './text';

const COLOURS = { well: 'success', failing: 'warning', broken: 'error', stopped: 'default' } as const;

interface PairListProps {
  topology: Topology;
  choose: (pair: Pair) => void;
}

/** Every pair with traffic as a row, to sort, filter and export; and what the graph shows, for screen readers. */
export function PairList({ topology, choose }: PairListProps) {
  const say = useText(topologyTexts);
  const { formatNumber } = useFormats();
  const filter = useAddressFilter();
  const states = useMemo(() => statesOf(topology.nodes), [topology]);
  const columns: Column<TopologyEdge>[] = [
    { key: 'from', title: say('from'), value: ({ from }) => from, choose: true },
    { key: 'to', title: say('to'), value: ({ to }) => to, choose: true },
    {
      key: 'messages',
      title: say('messages'),
      value: ({ messages }) => messages,
      show: ({ messages }) => formatNumber(messages),
      align: 'right',
    },
    {
      key: 'failed',
      title: say('failed'),
      value: ({ failed }) => failed,
      show: ({ failed }) => formatNumber(failed),
      align: 'right',
    },
    {
      key: 'share',
      title: say('share'),
      value: (edge) => Math.round(failedShare(edge) * 1000) / 1000,
      show: (edge) => formatNumber(failedShare(edge), { style: 'percent', maximumFractionDigits: 1 }),
      align: 'right',
      wide: true,
    },
    tagColumn({
      key: 'health',
      title: say('health'),
      value: (edge) => say(healthOf(edge, states)),
      colour: (edge) => COLOURS[healthOf(edge, states)],
    }),
    {
      key: 'open',
      title: say('open'),
      value: () => '',
      show: ({ from, to }) => (
        <Button
          size="small"
          aria-label={`${say('open')} ${say('pair', { from, to })}`}
          onClick={() => choose({ from, to })}
        >
          {say('open')}
        </Button>
      ),
    },
  ];
  return (
    <DataTable<TopologyEdge>
      name={say('title')}
      columns={columns}
      rows={topology.edges}
      more={topology.more}
      rowKey={({ from, to }) => `${from} ${to}`}
      empty={<p className="quiet">{say('noTraffic')}</p>}
      {...filter}
    />
  );
}
