import { useMemo, useState } from 'react';
import type { Pair, Topology } from '../../api/topology';
import { useText } from '../../text/use-text';
import { drawingOf, NODE_RADIUS, SIZE, type PlacedEdge, type PlacedNode } from './drawing';
import type { EdgeHealth } from './health';
import { topologyTexts } from './text';

const HEALTHS = ['well', 'failing', 'broken', 'stopped'] as const satisfies readonly EdgeHealth[];

function Legend() {
  const say = useText(topologyTexts);
  return (
    <ul className="topology-legend">
      {HEALTHS.map((health) => (
        <li key={health}>
          <svg width="26" height="10" aria-hidden="true">
            <line x1="1" y1="5" x2="25" y2="5" strokeWidth="4" className={`edge-line edge-${health}`} />
          </svg>
          {say(health)}
        </li>
      ))}
    </ul>
  );
}

interface ArrowProps {
  edge: PlacedEdge;
  dim: boolean;
  choose: (pair: Pair) => void;
}

function Arrow({ edge, dim, choose }: ArrowProps) {
  const say = useText(topologyTexts);
  const { from, to, messages, failed, path, head, width, health } = edge;
  return (
    <g className={`edge edge-${health}${dim ? ' dim' : ''}`} onClick={() => choose({ from, to })}>
      <title>{say('pairCounts', { from, to, messages, failed })}</title>
      <path d={path} className="edge-target" strokeWidth={Math.max(12, width + 4)} />
      <path d={path} className="edge-line" strokeWidth={width} />
      <polygon points={head} className="edge-head" />
    </g>
  );
}

interface CircleProps {
  node: PlacedNode;
  isChosen: boolean;
  toggle: () => void;
}

function Circle({ node, isChosen, toggle }: CircleProps) {
  const say = useText(topologyTexts);
  const { network, state, at, label, anchor } = node;
  return (
    <g
      role="button"
      tabIndex={0}
      aria-pressed={isChosen}
      aria-label={say('node', { network, state: say(state) })}
      className={`node node-${state}`}
      onClick={toggle}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        toggle();
      }}
    >
      <circle cx={at.x} cy={at.y} r={NODE_RADIUS} />
      <text x={label.x} y={label.y} textAnchor={anchor} dominantBaseline="middle">
        {network}
      </text>
    </g>
  );
}

/** Networks on a circle. A network can be chosen by keyboard; the pairs are also in the list. */
export function Graph({ topology, choose }: { topology: Topology; choose: (pair: Pair) => void }) {
  const say = useText(topologyTexts);
  const [chosen, setChosen] = useState<string>();
  const { nodes, edges } = useMemo(() => drawingOf(topology), [topology]);
  const isDim = ({ from, to }: Pair) => chosen !== undefined && from !== chosen && to !== chosen;
  return (
    <>
      {edges.length === 0 && <p className="quiet">{say('noTraffic')}</p>}
      <svg
        className="topology-graph"
        viewBox={`-60 0 ${SIZE + 120} ${SIZE}`}
        role="group"
        aria-label={say('graphOf')}
      >
        {edges.map((edge) => (
          <Arrow key={`${edge.from} ${edge.to}`} edge={edge} dim={isDim(edge)} choose={choose} />
        ))}
        {nodes.map((node) => (
          <Circle
            key={node.network}
            node={node}
            isChosen={node.network === chosen}
            toggle={() => setChosen(node.network === chosen ? undefined : node.network)}
          />
        ))}
      </svg>
      <Legend />
      <p className="quiet">{say('how')}</p>
    </>
  );
}
