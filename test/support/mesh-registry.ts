/** The registry as a switch sees it: these networks are live, and an agreement allows each of them everything with the others. */
import { ANY_NETWORK, contentsOf, TRAFFIC_CLASSES, type Network } from '#protocol';
import type { Log } from '#service';
import { RegistryView } from '../../apps/switch/src/registry/registry-view.js';

export function meshOf(networks: readonly Network[], log: Log): RegistryView {
  const registry = new RegistryView(log);
  const contents = contentsOf({
    phase: { phase: 'mesh' },
    members: networks.map((one) => ({ network: one, name: one, status: 'live' })),
    agreements: [
      {
        id: 'all',
        from: ANY_NETWORK,
        to: ANY_NETWORK,
        classes: [...TRAFFIC_CLASSES],
        validFrom: '2026-01-01T00:00:00Z',
      },
    ],
  });
  for (const [key, content] of contents) registry.accept(key, { version: 1, content });
  registry.completed();
  return registry;
}
