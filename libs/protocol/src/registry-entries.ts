/**
 * The registry on the bus: one key per network, so that a large entry of one network cannot block changes of others. The console
 * splits the content of the database by key; readers assemble the entries again.
 */
import { z } from 'zod';
import type { Network } from './address.js';
import {
  Agreement,
  ANY_NETWORK,
  Blocked,
  Member,
  Phase,
  Route,
  type Registry,
  type RegistryLists,
} from './registry.js';

/** Filter for the keys of all entries in the bucket `registry`. */
export const REGISTRY_ENTRIES = 'entry.>';

/** Maximum numbers in the entry of one network. */
export const MOST_AGREEMENTS = 1000;
export const MOST_ROUTES = 1000;
export const MOST_BLOCKED = 1000;
/** Maximum size of one entry as JSON: half of the maximum size of a message on the bus. */
export const ENTRY_MAX_BYTES = 500_000;

/** Content of an entry, without its version. */
export const RegistryContent = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('member'), member: Member }),
    z.object({ kind: z.literal('phase'), phase: Phase }),
    z.object({
      kind: z.literal('agreements'),
      agreements: z
        .array(Agreement)
        .max(MOST_AGREEMENTS)
        .describe('All agreements whose source is one network, or `*`'),
    }),
    z.object({
      kind: z.literal('routes'),
      routes: z.array(Route).max(MOST_ROUTES).describe('All routes to one network'),
    }),
    z.object({
      kind: z.literal('blocked'),
      blocked: z
        .array(Blocked)
        .max(MOST_BLOCKED)
        .describe('Subscribers whose messages to one network, or to any, the switch refuses'),
    }),
    z.object({ kind: z.literal('removed') }),
  ])
  .meta({ id: 'RegistryContent' });
export type RegistryContent = z.infer<typeof RegistryContent>;

export const RegistryEntry = z
  .object({
    version: z.int().nonnegative().describe('Grows with every change; readers ignore an older version'),
    content: RegistryContent,
  })
  .meta({
    id: 'RegistryEntry',
    description:
      'Bucket `registry`: `entry.member.<network>`, `entry.phase`, `entry.agreements.from.<network>`, `entry.agreements.any`, `entry.routes.<network>`, `entry.blocked.by.<network>`, `entry.blocked.any`',
  });
export type RegistryEntry = z.infer<typeof RegistryEntry>;

export const registryKeys = {
  member: (network: Network) => `entry.member.${network}`,
  phase: 'entry.phase',
  agreements: (from: Network | typeof ANY_NETWORK) =>
    from === ANY_NETWORK ? 'entry.agreements.any' : `entry.agreements.from.${from}`,
  routes: (network: Network) => `entry.routes.${network}`,
  blocked: (network: Network | undefined) =>
    network === undefined ? 'entry.blocked.any' : `entry.blocked.by.${network}`,
} as const;

/** Splits a registry, or a part of one, into contents by key. */
export function contentsOf({
  members = [],
  phase,
  agreements = [],
  routes = [],
  blocked = [],
}: Partial<RegistryLists>): Map<string, RegistryContent> {
  return new Map<string, RegistryContent>([
    ...members.map((member) => [registryKeys.member(member.network), { kind: 'member', member }] as const),
    ...(phase ? [[registryKeys.phase, { kind: 'phase', phase }] as const] : []),
    ...[...Map.groupBy(agreements, ({ from }) => registryKeys.agreements(from))].map(
      ([key, all]) => [key, { kind: 'agreements', agreements: all }] as const,
    ),
    ...[...Map.groupBy(routes, ({ network }) => registryKeys.routes(network))].map(
      ([key, all]) => [key, { kind: 'routes', routes: all }] as const,
    ),
    ...[...Map.groupBy(blocked, ({ network }) => registryKeys.blocked(network))].map(
      ([key, all]) => [key, { kind: 'blocked', blocked: all }] as const,
    ),
  ]);
}

/** Keeps the newest valid entry of each key. */
export class RegistryEntries {
  private readonly held = new Map<string, RegistryEntry>();

  /** @returns `misplaced`: the content does not belong under this key */
  accept(key: string, entry: RegistryEntry): 'taken' | 'same' | 'older' | 'misplaced' {
    if (!belongs(key, entry.content)) return 'misplaced';
    const before = this.held.get(key)?.version ?? -1;
    if (entry.version < before) return 'older';
    if (entry.version === before) return 'same';
    this.held.set(key, entry);
    return 'taken';
  }

  versionOf(key: string): number | undefined {
    return this.held.get(key)?.version;
  }

  /**
   * Assembles the registry from all entries. While a route or an agreement moves from one key to another it can be in both:
   * the newer entry decides.
   */
  assemble(): Registry {
    const entries = [...this.held.values()].sort((one, other) => one.version - other.version);
    const members: Member[] = [];
    const agreements = new Map<string, Agreement>();
    const routes = new Map<string, Route>();
    const blocked: Blocked[] = [];
    let phase: Phase = { phase: 'mesh' };
    for (const { content } of entries) {
      if (content.kind === 'member') members.push(content.member);
      if (content.kind === 'phase') phase = content.phase;
      if (content.kind === 'agreements') for (const one of content.agreements) agreements.set(one.id, one);
      if (content.kind === 'routes')
        for (const one of content.routes) routes.set(`${one.kind} ${one.key}`, one);
      if (content.kind === 'blocked') blocked.push(...content.blocked);
    }
    return {
      version: entries.at(-1)?.version ?? -1,
      members: members.sort((one, other) => (one.network < other.network ? -1 : 1)),
      phase,
      agreements: [...agreements.values()],
      routes: [...routes.values()],
      blocked,
    };
  }
}

function belongs(key: string, content: RegistryContent): boolean {
  switch (content.kind) {
    case 'removed':
      return true;
    case 'member':
      return key === registryKeys.member(content.member.network);
    case 'phase':
      return key === registryKeys.phase;
    case 'agreements':
      return content.agreements.every(({ from }) => key === registryKeys.agreements(from));
    case 'routes':
      return content.routes.every(({ network }) => key === registryKeys.routes(network));
    case 'blocked':
      return content.blocked.every(({ network }) => key === registryKeys.blocked(network));
  }
}
