/** The part of data/standalone.json that is about networks. Pure. */
import type { Installation, NetworkManifest, NetworkPart } from '#network-manifest';
import { PEOPLE_PORT } from './simulators.js';

export function describeNetworks(
  installation: Installation,
  networks: readonly NetworkManifest[],
): Record<string, NetworkPart> {
  return Object.fromEntries(
    networks.flatMap((network) => {
      const part = describeNetwork(installation, network, networks);
      return part ? [[network.slug, part]] : [];
    }),
  );
}

function describeNetwork(
  installation: Installation,
  network: NetworkManifest,
  all: readonly NetworkManifest[],
): NetworkPart | undefined {
  const { standalone, capabilities } = network;
  if (!standalone) return undefined;
  const foreign = all
    .filter((other) => other !== network)
    .flatMap((other) => other.standalone?.people(installation) ?? []);
  const { simulator } = standalone;
  const channel = simulator?.channel?.(installation);
  return {
    ...standalone.describe(installation),
    ...(simulator
      ? {
          usersUrl: `http://127.0.0.1:${installation.ports.of(PEOPLE_PORT)}`,
          language: capabilities.language,
          ...(channel === undefined ? {} : { channel }),
        }
      : {}),
    accounts: standalone.people(installation),
    ghostOf: Object.fromEntries(
      foreign.map((person) => [person.address, standalone.ghostOf(installation, person)]),
    ),
  };
}
