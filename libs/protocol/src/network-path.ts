/**
 * The CloudEvents extension attribute `path`: the networks that an event has passed, oldest first. CloudEvents attributes
 * are strings, numbers or truth values, never lists, so the slugs stand in one string with commas between them.
 */
import { z } from 'zod';
import type { Network } from './address.js';

/** An event passes at most this many networks; it is stopped with code 71 before it enters another one. */
export const HOP_LIMIT = 4;

const SEPARATOR = ',';
const SLUG = '[a-z][a-z0-9-]{0,30}';
const MAX_SLUG = 31;
/** The source, and the destinations after it. */
const MAX_NETWORKS = HOP_LIMIT + 1;

export const NetworkPath = z
  .string()
  .max(MAX_NETWORKS * (MAX_SLUG + SEPARATOR.length))
  .regex(
    new RegExp(`^${SLUG}(${SEPARATOR}${SLUG}){0,${MAX_NETWORKS - 1}}$`),
    `expected 1 to ${MAX_NETWORKS} network slugs with commas between them`,
  )
  .brand<'NetworkPath'>()
  .meta({
    id: 'NetworkPath',
    description:
      'Networks that the event has passed, oldest first: slugs with commas between them, no spaces',
    examples: ['xmpp', 'xmpp,matrix'],
  });
export type NetworkPath = z.infer<typeof NetworkPath>;

export function pathOf(first: Network, ...others: Network[]): NetworkPath {
  return [first, ...others].join(SEPARATOR) as NetworkPath;
}

export function networksIn(path: NetworkPath): Network[] {
  return path.split(SEPARATOR) as Network[];
}

export function withNetwork(path: NetworkPath, network: Network): NetworkPath {
  return `${path}${SEPARATOR}${network}` as NetworkPath;
}
