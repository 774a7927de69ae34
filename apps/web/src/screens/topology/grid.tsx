import { useMemo } from 'react';
import type { Pair, Topology, TopologyEdge } from '../../api/topology';
import { useFormats, useText } from '../../text/use-text';
import { healthOf, statesOf } from './health';
import { gridOf } from './grid-of';
import { topologyTexts } from './text';

interface GridProps {
  topology: Topology;
  choose: (pair: Pair) => void;
}

/** One row for each sending network, one column for each receiving one. */
export function Grid({ topology, choose }: GridProps) {
  const say = useText(topologyTexts);
  const { formatNumber } = useFormats();
  const { networks, all, cells } = useMemo(() => gridOf(topology), [topology]);
  const states = useMemo(() => statesOf(topology.nodes), [topology]);
  const cell = (edge: TopologyEdge) => (
    <button
      type="button"
      className={`grid-cell edge-${healthOf(edge, states)}`}
      title={say(healthOf(edge, states))}
      aria-label={`${say('pairCounts', { ...edge })}. ${say(healthOf(edge, states))}`}
      onClick={() => choose({ from: edge.from, to: edge.to })}
    >
      {formatNumber(edge.messages, { notation: 'compact' })}
      {edge.failed > 0 && (
        <span className="grid-failed">−{formatNumber(edge.failed, { notation: 'compact' })}</span>
      )}
    </button>
  );
  return (
    <>
      {networks.length < all && <p className="quiet">{say('busiest', { count: networks.length, all })}</p>}
      <div className="grid" role="region" aria-label={say('grid')} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <td className="quiet">{say('fromTo')}</td>
              {networks.map((to) => (
                <th key={to} scope="col">
                  {to}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {networks.map((from) => (
              <tr key={from}>
                <th scope="row">{from}</th>
                {networks.map((to) => {
                  const edge = cells.get(`${from} ${to}`);
                  return <td key={to}>{edge ? cell(edge) : ''}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
