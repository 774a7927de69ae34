/** The real adapter on real sockets, with a hub in memory that records what it hands over. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContactDraft, Hub } from '#adapter-kit';
import { freePort } from '#engines';
import { network, type Address, type Party, type PresenceEvent } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { SipAdapter } from '../src/sip.adapter.js';
import { sipSettings } from '../src/sip.config.js';

export const DOMAIN = 'youxin.localhost';
export const PASSWORD = 'a-secret';

export interface AdapterDouble {
  adapter: SipAdapter;
  double: HubDouble;
  hub: Hub;
  registrar: string;
  port: number;
  contacts: Pick<ContactDraft, 'action' | 'to'>[];
  presences: [from: Address, to: Address, availability: string, text: string | undefined][];
  probes: [from: Address, to: Address][];
  stop(): Promise<void>;
}

/** @param folder for the file with the accounts: ann and bea */
export async function anAdapter(folder: string, more: NodeJS.ProcessEnv = {}): Promise<AdapterDouble> {
  const port = await freePort();
  const file = join(folder, 'accounts.txt');
  writeFileSync(file, `ann ${PASSWORD} Ann\nbea ${PASSWORD}\n`);
  const settings = sipSettings.parse({
    SIP_DOMAIN: DOMAIN,
    SIP_ACCOUNTS: file,
    SIP_HOST: '127.0.0.1',
    SIP_PUBLIC_HOST: '127.0.0.1',
    SIP_PORT: String(port),
    SIP_MIN_EXPIRES: '1',
    ...more,
  });
  const double = new HubDouble({ sends: true });
  const contacts: AdapterDouble['contacts'] = [];
  const presences: AdapterDouble['presences'] = [];
  const probes: AdapterDouble['probes'] = [];
  const hub = {
    ...double.hub,
    submitContact: ({ action, to }: ContactDraft) => Promise.resolve(contacts.push({ action, to })),
    presence: ({ address }: Party, to: Address, availability: string, text?: string) =>
      presences.push([address, to, availability, text]),
    probe: ({ address }: Party, to: Address) => probes.push([address, to]),
    submitReceipt: () => Promise.resolve('id'),
    rememberGhost: () => Promise.resolve(),
    typing: () => undefined,
  } as unknown as Hub;
  const adapter = new SipAdapter(network('youxin'), settings, double.log);
  await adapter.start(hub);
  const stop = () => adapter.stop();
  const registrar = `sip:127.0.0.1:${port}`;
  return { adapter, double, hub, registrar, port, contacts, presences, probes, stop };
}

export function presenceEvent(from: Address, to: Address, availability: string): PresenceEvent {
  return { data: { from: { address: from, displayName: 'Sue' }, to, availability } } as PresenceEvent;
}
