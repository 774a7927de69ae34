/** How the hub's account may ask every server for its storage configuration: what the system account exports to it. */
import type { Export, Import } from '@nats-io/jwt';
import { encodeActivation, type KeyPair } from '@nats-io/jwt';

/** In the system account: every server with JetStream answers with its configuration. */
export const SERVER_STORAGE = '$SYS.REQ.SERVER.PING.JSZ';
/** The same request as the hub's account has it. No network's account imports it. */
export const HUB_STORAGE = 'hub.server.storage';

/** Exports of the system account. */
export function storageExports(): Export[] {
  return [
    {
      name: 'storage configuration of every server',
      subject: SERVER_STORAGE,
      type: 'service',
      response_type: 'Stream',
      token_req: true,
    },
  ];
}

/** Imports of the hub's account. @param hub public key of the hub's account */
export async function storageImports(system: KeyPair, hub: string): Promise<Import[]> {
  const token = await encodeActivation('hub storage', hub, system, 'service', { subject: SERVER_STORAGE });
  return [
    {
      name: 'storage configuration of every server',
      subject: SERVER_STORAGE,
      type: 'service',
      account: system.getPublicKey(),
      token,
      local_subject: HUB_STORAGE,
    },
  ];
}
