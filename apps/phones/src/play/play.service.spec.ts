/** Who takes part in the demo conversation: a person of each network that writes. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Log } from '#service';
import type { WallEvent } from '../../shared/events.js';
import type { OpenPhone } from '../open-phone.js';
import type { OpenPhones } from '../open-phones.js';
import { PlayService } from './play.service.js';

const log = { warn: () => undefined } as unknown as Log;

/** @returns what the phones did until the conversation was over */
async function played(people: { slug: string; onlyCalls?: true }[]): Promise<string[]> {
  const did: string[] = [];
  const told: WallEvent[] = [];
  const phones = people.map(({ slug, onlyCalls }, at) => ({
    owner: {
      address: `im:${at}@${slug}`,
      network: { slug, person: { abilities: [], lines: { greeting: 'hi', answer: 'hello' }, onlyCalls } },
    },
    timeline: [],
    act: ({ do: what }: { do: string }) => Promise.resolve(void did.push(`${slug} ${what}`)),
  })) as unknown as OpenPhone[];
  const open = {
    all: () => Promise.resolve(phones),
    events: { tell: (event: WallEvent) => told.push(event) },
  };
  new PlayService(open as unknown as OpenPhones, log).start();
  while (told.length < 2) await turn();
  expect(told).toEqual([
    { type: 'play', on: true },
    { type: 'play', on: false },
  ]);
  return did;
}

test('telephones, which only ring, say nothing, and nobody writes to them', async () => {
  expect(await played([{ slug: 'north' }, { slug: 'telephone', onlyCalls: true }])).toEqual([]);
});

test('two people of one network do not talk across', async () => {
  expect(await played([{ slug: 'north' }, { slug: 'north' }])).toEqual([]);
});
