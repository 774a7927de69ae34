/** Presence between a softphone and a person abroad, with the real adapter on real sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address, ContactEvent } from '#protocol';
import { SipSimulator, type Softphone } from '../simulator/index.js';
import { anAdapter, DOMAIN, PASSWORD, presenceEvent, type AdapterDouble } from './adapter-double.js';
import { until } from './until.js';

const ANN = 'im:ann@youxin' as Address;
const SUE = 'im:sue@far' as Address;
const SUE_URI = `sip:sue@far.${DOMAIN}`;

let folder: string;
let home: AdapterDouble;
let simulator: SipSimulator;
let ann: Softphone;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sip-presence-'));
  home = await anAdapter(folder);
  simulator = await SipSimulator.open({ domain: DOMAIN, registrar: home.registrar, password: PASSWORD });
  ann = simulator.person('ann');
  await ann.whenRegistered();
});

afterEach(async () => {
  await simulator.close();
  await home.stop();
  rmSync(folder, { recursive: true });
});

function contact(action: ContactEvent['data']['action']): ContactEvent {
  return {
    id: `c-${action}`,
    data: { from: { address: SUE, displayName: 'Sue' }, to: ANN, action },
  } as ContactEvent;
}

const stateOfSue = () => ann.contacts().find(({ native }) => native === SUE_URI)?.state;

test('ann adds sue, who says yes: ann sees her come and go', async () => {
  await ann.act({ do: 'add', who: SUE_URI });
  expect(home.contacts).toEqual([{ action: 'request', to: SUE }]);
  await until(() => stateOfSue() === 'pending');
  await home.adapter.deliverContact(contact('accept'));
  expect(home.probes).toEqual([[ANN, SUE]]);
  await home.adapter.showPresence(presenceEvent(SUE, ANN, 'away'));
  await until(() => stateOfSue() === 'away');
  await home.adapter.showPresence(presenceEvent(SUE, ANN, 'offline'));
  await until(() => stateOfSue() === 'offline');
});

test('sue says no: the subscription ends, and nothing of her is shown', async () => {
  await ann.act({ do: 'add', who: SUE_URI });
  await home.adapter.showPresence(presenceEvent(SUE, ANN, 'available'));
  await home.adapter.deliverContact(contact('deny'));
  await until(() => ann.timeline.some(({ kind }) => kind === 'denied'));
  expect(ann.timeline.filter(({ kind }) => kind === 'presence')).toEqual([]);
});

test('sue asks to see ann: ann reads who asks, says yes by adding her, and sue sees what ann publishes', async () => {
  await home.adapter.deliverContact(contact('request'));
  await until(() => ann.timeline.some(({ text }) => text?.includes(SUE_URI) ?? false));
  await ann.act({ do: 'appear', state: 'away', mood: 'lunch' });
  expect(home.presences).toEqual([]);
  expect(await home.adapter.presenceOf(ANN, SUE)).toBeUndefined();
  await ann.act({ do: 'add', who: SUE_URI });
  await until(() => home.contacts.length === 2);
  expect(home.contacts.map(({ action }) => action)).toEqual(['request', 'accept']);
  expect(home.presences).toEqual([[ANN, SUE, 'away', 'lunch']]);
  expect(await home.adapter.presenceOf(ANN, SUE)).toEqual({ availability: 'away', statusText: 'lunch' });
  await ann.act({ do: 'appear', state: 'busy' });
  await until(() => home.presences.length === 2);
  await ann.act({ do: 'appear', state: 'offline' });
  await until(() => home.presences.length === 3);
  expect(home.presences.slice(1).map(([, , availability]) => availability)).toEqual(['dnd', 'offline']);
  await home.adapter.deliverContact(contact('remove'));
  expect(await home.adapter.presenceOf(ANN, SUE)).toBeUndefined();
});
