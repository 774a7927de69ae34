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

type Light = 'full' | 'faint' | 'dim' | 'hidden';

interface ArrowProps {
  edge: PlacedEdge;
  light: Light;
  choose: (pair: Pair) => void;
}

function Arrow({ edge, light, choose }: ArrowProps) {
  const say = useText(topologyTexts);
  const { from, to, messages, failed, path, head, width, health } = edge;
  return (
    <g className={`edge edge-${health} ${light}`} onClick={() => choose({ from, to })}>
      <title>{say('pairCounts', { from, to, messages, failed })}</title>
      <path d={path} className="edge-target" strokeWidth={light === 'full' ? Math.max(12, width + 4) : 4} />
      <path d={path} className="edge-line" strokeWidth={width} />
      <polygon points={head} className="edge-head" />
    </g>
  );
}

interface CircleProps {
  node: PlacedNode;
  isChosen: boolean;
  toggle: () => void;
  /** The pointer or the focus came to the network, or left it. */
  point: (network: string | undefined) => void;
}

function Circle({ node, isChosen, toggle, point }: CircleProps) {
  const say = useText(topologyTexts);
  const { network, state, at, label, anchor, turn } = node;
  return (
    <g
      role="button"
      tabIndex={0}
      aria-pressed={isChosen}
      aria-label={say('node', { network, state: say(state) })}
      className={`node node-${state}`}
      onClick={toggle}
      onMouseEnter={() => point(network)}
      onMouseLeave={() => point(undefined)}
      onFocus={() => point(network)}
      onBlur={() => point(undefined)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        toggle();
      }}
    >
      <circle cx={at.x} cy={at.y} r={NODE_RADIUS} />
      <text
        x={label.x}
        y={label.y}
        textAnchor={anchor}
        dominantBaseline="middle"
        transform={turn === 0 ? undefined : `rotate(${turn} ${label.x} ${label.y})`}
      >
        {network}
      </text>
    </g>
  );
}

/** For the labels beside the circle, and for those above and below it, which stand upright if there are many. */
const MARGIN = 70;

/** More lines than this would be a grey disc: the thin ones are then shown for the chosen network alone. */
const MOST_LINES = 250;

/** Networks on a circle. A network can be chosen by keyboard; the pairs are also in the list. */
export function Graph({ topology, choose }: { topology: Topology; choose: (pair: Pair) => void }) {
  const say = useText(topologyTexts);
  const [chosen, setChosen] = useState<string>();
  const { nodes, edges } = useMemo(() => drawingOf(topology), [topology]);
  const marginAbove = nodes.some(({ turn }) => turn !== 0) ? MARGIN : 0;
  const [pointed, setPointed] = useState<string>();
  const shown = pointed ?? chosen;
  const lightOf = ({ from, to, isMinor }: PlacedEdge): Light => {
    if (from === shown || to === shown) return 'full';
    if (isMinor && edges.length > MOST_LINES) return 'hidden';
    if (shown !== undefined) return 'dim';
    return isMinor ? 'faint' : 'full';
  };
  return (
    <>
      {edges.length === 0 && <p className="quiet">{say('noTraffic')}</p>}
      <svg
        className="topology-graph"
        viewBox={`${-MARGIN} ${-marginAbove} ${SIZE + 2 * MARGIN} ${SIZE + 2 * marginAbove}`}
        role="group"
        aria-label={say('graphOf')}
      >
        {edges.map((edge) => (
          <Arrow key={`${edge.from} ${edge.to}`} edge={edge} light={lightOf(edge)} choose={choose} />
        ))}
        {nodes.map((node) => (
          <Circle
            key={node.network}
            node={node}
            isChosen={node.network === chosen}
            point={setPointed}
            toggle={() => setChosen(node.network === chosen ? undefined : node.network)}
          />
        ))}
      </svg>
      <Legend />
      <p className="quiet">
        {say('how')}{' '}
        {edges.some(({ isMinor }) => isMinor) && say(edges.length > MOST_LINES ? 'notDrawn' : 'thin')}
      </p>
    </>
  );
}
