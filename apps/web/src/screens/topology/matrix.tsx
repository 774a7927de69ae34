import { useMemo } from 'react';
import type { Pair, Topology, TopologyEdge } from '../../api/topology';
import { useFormats, useText } from '../../text/use-text';
import { healthOf, statesOf } from './health';
import { matrixOf } from './matrix-of';
import { topologyTexts } from './text';

interface MatrixProps {
  topology: Topology;
  choose: (pair: Pair) => void;
}

/** One row for each sending network, one column for each receiving one. */
export function Matrix({ topology, choose }: MatrixProps) {
  const say = useText(topologyTexts);
  const { formatNumber } = useFormats();
  const { networks, all, cells } = useMemo(() => matrixOf(topology), [topology]);
  const states = useMemo(() => statesOf(topology.nodes), [topology]);
  const cell = (edge: TopologyEdge) => (
    <button
      type="button"
      className={`matrix-cell edge-${healthOf(edge, states)}`}
      title={say(healthOf(edge, states))}
      aria-label={`${say('pairCounts', { ...edge })}. ${say(healthOf(edge, states))}`}
      onClick={() => choose({ from: edge.from, to: edge.to })}
    >
      {formatNumber(edge.messages, { notation: 'compact' })}
      {edge.failed > 0 && (
        <span className="matrix-failed">−{formatNumber(edge.failed, { notation: 'compact' })}</span>
      )}
    </button>
  );
  return (
    <>
      {networks.length < all && <p className="quiet">{say('busiest', { count: networks.length, all })}</p>}
      <div className="matrix" role="region" aria-label={say('matrix')} tabIndex={0}>
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
