/** Places networks on a circle and the arrows between them. Pure; lengths are units of the drawing. */
import type { Topology, TopologyEdge, TopologyNode } from '../../api/topology';
import { healthOf, statesOf, type EdgeHealth } from './health';

export interface Point {
  x: number;
  y: number;
}

export interface PlacedNode extends TopologyNode {
  at: Point;
  label: Point;
  /** Side of the label at which it begins, so that it grows away from the circle. */
  anchor: 'start' | 'middle' | 'end';
  /** Degrees by which the label is turned about its place: of many networks, labels point away from the middle. */
  turn: number;
}

export interface PlacedEdge extends TopologyEdge {
  /** Of an SVG path, from the edge of one network to that of the other one. */
  path: string;
  /** Corners of the arrow head. */
  head: string;
  width: number;
  health: EdgeHealth;
  /** Among many arrows: one with little traffic and no failures, drawn as a thin line until its network is chosen. */
  isMinor: boolean;
}

export const SIZE = 640;
export const NODE_RADIUS = 11;
const RADIUS = 265;
const LABEL_RADIUS = RADIUS + 22;
const MIDDLE: Point = { x: SIZE / 2, y: SIZE / 2 };
/** Of the thinnest arrow, and of the thickest one among few or many. */
const WIDTHS = { least: 1, most: 9, mostOfMany: 4 };
const MANY_EDGES = 30;
/** Arrows that are drawn in full among many: the busiest ones, and of those that do not do well the worst. */
const MOST_BUSY = 24;
const MOST_TROUBLED = 24;
/** More networks than this have turned labels, which would overlap otherwise. */
const MOST_LEVEL_LABELS = 16;
/** Part of the way to the middle by which arrows bend inwards, and the distance between the two directions of a pair. */
const BEND = 0.3;
const APART = 16;
const HEAD = 9;

export function drawingOf({ nodes, edges }: Pick<Topology, 'nodes' | 'edges'>): {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
} {
  const order = orderOf(nodes, edges);
  const isCrowded = order.length > MOST_LEVEL_LABELS;
  const placed = order.map((node, index) =>
    placedNode(node, (index / order.length) * 2 * Math.PI, isCrowded),
  );
  const places = new Map(placed.map(({ network, at }) => [network, at]));
  const states = statesOf(nodes);
  const widest = edges.length > MANY_EDGES ? WIDTHS.mostOfMany : WIDTHS.most;
  const most = Math.max(1, ...edges.map(({ messages }) => messages));
  const known = edges.map((edge) => ({ ...edge, health: healthOf(edge, states) }));
  const major = majorOf(known);
  const drawn = known.flatMap((edge) => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)];
    if (!from || !to) return [];
    const isMinor = !major.has(edge);
    const width = isMinor
      ? WIDTHS.least
      : WIDTHS.least + (widest - WIDTHS.least) * Math.sqrt(edge.messages / most);
    return [{ ...edge, ...arrow(from, to, width), width, isMinor }];
  });
  // What is drawn later lies above.
  return {
    nodes: placed,
    edges: drawn.toSorted((one, other) => Number(other.isMinor) - Number(one.isMinor)),
  };
}

type KnownEdge = TopologyEdge & Pick<PlacedEdge, 'health'>;

/** A full mesh of ten networks has 90 arrows, which nobody can follow: only some of many are drawn in full. */
function majorOf(edges: readonly KnownEdge[]): Set<KnownEdge> {
  if (edges.length <= MANY_EDGES) return new Set(edges);
  const busiest = edges.toSorted((one, other) => other.messages - one.messages).slice(0, MOST_BUSY);
  const troubled = edges
    .filter(({ health }) => health !== 'well')
    .sort((one, other) => other.failed - one.failed || other.messages - one.messages)
    .slice(0, MOST_TROUBLED);
  return new Set([...busiest, ...troubled]);
}

/** Each network beside the one with which it has most traffic, so that thick arrows are short. The same input gives the same order. */
export function orderOf(nodes: readonly TopologyNode[], edges: readonly TopologyEdge[]): TopologyNode[] {
  const traffic = new Map<string, number>();
  const key = (one: string, other: string) => (one < other ? `${one} ${other}` : `${other} ${one}`);
  for (const { from, to, messages, failed } of edges)
    traffic.set(key(from, to), (traffic.get(key(from, to)) ?? 0) + messages + failed);
  const total = new Map<string, number>();
  for (const { from, to, messages, failed } of edges)
    for (const end of [from, to]) total.set(end, (total.get(end) ?? 0) + messages + failed);
  const left = [...nodes].sort(
    (one, other) =>
      (total.get(other.network) ?? 0) - (total.get(one.network) ?? 0) ||
      one.network.localeCompare(other.network),
  );
  const order = left.splice(0, 1);
  while (left.length > 0) {
    const last = order.at(-1)?.network ?? '';
    const weight = ({ network }: TopologyNode) => traffic.get(key(last, network)) ?? 0;
    const best = left.reduce((chosen, node) => (weight(node) > weight(chosen) ? node : chosen));
    order.push(...left.splice(left.indexOf(best), 1));
  }
  return order;
}

/** @param angle clockwise from the top, radians */
function placedNode(node: TopologyNode, angle: number, isCrowded: boolean): PlacedNode {
  const direction = { x: Math.sin(angle), y: -Math.cos(angle) };
  const places = { at: along(direction, RADIUS), label: along(direction, LABEL_RADIUS) };
  if (!isCrowded) {
    const anchor = Math.abs(direction.x) < 0.2 ? 'middle' : direction.x > 0 ? 'start' : 'end';
    return { ...node, ...places, anchor, turn: 0 };
  }
  const degrees = (angle * 180) / Math.PI - 90;
  // On the left half, a label that is turned half round ends at the circle and is not upside down.
  return direction.x >= 0
    ? { ...node, ...places, anchor: 'start', turn: rounded(degrees) }
    : { ...node, ...places, anchor: 'end', turn: rounded(degrees - 180) };
}

function along({ x, y }: Point, length: number): Point {
  return { x: rounded(MIDDLE.x + x * length), y: rounded(MIDDLE.y + y * length) };
}

/** A curve that bends to the middle and keeps to the right of its own direction, and its head. */
function arrow(from: Point, to: Point, width: number): Pick<PlacedEdge, 'path' | 'head'> {
  const ahead = unit({ x: to.x - from.x, y: to.y - from.y });
  const right = { x: -ahead.y, y: ahead.x };
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const control = {
    x: middle.x + (MIDDLE.x - middle.x) * BEND + right.x * APART,
    y: middle.y + (MIDDLE.y - middle.y) * BEND + right.y * APART,
  };
  const leaving = unit({ x: control.x - from.x, y: control.y - from.y });
  const arriving = unit({ x: to.x - control.x, y: to.y - control.y });
  const head = HEAD + width / 2;
  const start = moved(from, leaving, NODE_RADIUS + 2);
  const tip = moved(to, arriving, -(NODE_RADIUS + 2));
  const base = moved(tip, arriving, -head);
  const side = { x: -arriving.y, y: arriving.x };
  const half = head / 2 + width / 4;
  const corners = [tip, moved(base, side, half), moved(base, side, -half)];
  return {
    path: `M ${text(start)} Q ${text(rounding(control))} ${text(base)}`,
    head: corners.map((corner) => `${corner.x},${corner.y}`).join(' '),
  };
}

function unit({ x, y }: Point): Point {
  const length = Math.hypot(x, y) || 1;
  return { x: x / length, y: y / length };
}

function moved(from: Point, { x, y }: Point, length: number): Point {
  return rounding({ x: from.x + x * length, y: from.y + y * length });
}

function rounding({ x, y }: Point): Point {
  return { x: rounded(x), y: rounded(y) };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function text({ x, y }: Point): string {
  return `${x} ${y}`;
}
