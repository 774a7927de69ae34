/** People with hostile names, one of each network, who send everything hostile that the clients of their network can send. */
import { NotHere } from '#simulators';
import type { Attachment } from '#phones';
import { RemotePerson } from '#simulators/remote-person';
import type { NetworkPart } from '#network-manifest';
import type { Address } from '#protocol';
import type { Attachments } from './attachments.js';
import { openCast, type Actor } from './cast.js';
import { HOSTILE_BATCHES, HOSTILE_TEXTS } from './hostile-texts.js';
import type { StandaloneFixture } from './standalone-fixture.js';

const [ELEMENT = '', SCRIPT = '', BROKEN_OUT = ''] = HOSTILE_TEXTS;

export const HOSTILE_NAME = ELEMENT;
/** Its characters are allowed in names of files. */
const FILE_NAME = '<img src=x onerror=window.harmed=1>.jpg';
/** The first people of a network are those whose phones are on the wall. */
const SECOND = 1;

/** Its people send links with a title and a description. */
const LINKS = 'wechat';

/** The last text of a hostile person to somebody. */
export function endOf(slug: string): string {
  return `the end from ${slug}`;
}

export class HostilePeople {
  /** Networks on which people set their names themselves. */
  readonly named = new Set<string>();
  /** Native id of the first text of each, by network. */
  readonly firstIds = new Map<string, string>();

  private constructor(private readonly people: readonly Actor[]) {}

  static async open(whole: StandaloneFixture, slugs: readonly string[]): Promise<HostilePeople> {
    return new HostilePeople(Object.values(await openCast(whole, slugs, SECOND)));
  }

  /** Each writes to each victim who is on another network. @param victims networks of those who get everything */
  async attack(
    networks: Record<string, NetworkPart | undefined>,
    victims: readonly string[],
    attachments: Attachments,
  ): Promise<void> {
    // Made once: a client that reads a file while another one writes it gives up.
    const picture = await attachments.picture(FILE_NAME);
    const attackAll = async (one: Actor) => {
      for (const victim of victims.filter((slug) => slug !== one.slug)) {
        const peer = one.toReach({ address: networks[victim]?.accounts[0]?.address as Address });
        if (await takeHostileName(one, peer)) this.named.add(one.slug);
        this.firstIds.set(one.slug, await sendEverything(one, peer, picture));
        if (one.slug === LINKS) await sendLink(one.slug, networks[LINKS]);
        await one.phone.write(peer, endOf(one.slug));
      }
    };
    await Promise.all(this.people.map(attackAll));
  }

  async close(): Promise<void> {
    for (const { phone } of this.people) await phone.hangUp();
  }
}

/** @returns whether people of this network set their names themselves */
async function takeHostileName({ phone }: Actor, peer: string): Promise<boolean> {
  if (!phone.rename) return false;
  try {
    await phone.rename(HOSTILE_NAME, peer);
    return true;
  } catch (error) {
    if (error instanceof NotHere) return false;
    throw error;
  }
}

/** @returns native id of the first text */
async function sendEverything({ phone, sends }: Actor, peer: string, picture: Attachment): Promise<string> {
  const ids: string[] = [];
  for (const text of HOSTILE_BATCHES) ids.push(await phone.write(peer, text));
  if (sends.includes('place'))
    await phone.sendPlace(peer, { latitude: 39.9, longitude: 116.4, label: SCRIPT });
  if (sends.includes('card')) await phone.sendCard?.(peer, { name: BROKEN_OUT, phone: '+8613900139000' });
  if (sends.includes('sticker')) await phone.sendSticker?.(peer, ELEMENT);
  if (sends.includes('image')) await phone.sendFile(peer, picture);
  // What has no canonical form arrives as a text: a question of a poll, a subject.
  await phone.sendOddity?.(peer, SCRIPT);
  return ids[0] ?? '';
}

/** To whom they wrote last. */
async function sendLink(slug: string, part: NetworkPart | undefined): Promise<void> {
  const { usersUrl = '', accounts = [], channel = '' } = part ?? {};
  const person = await RemotePerson.find(usersUrl, slug, accounts[SECOND]?.native ?? '');
  const fields = { Title: ELEMENT, Description: SCRIPT, Url: "javascript:window.harmed='1'" };
  await person.act({ do: 'send', to: channel, what: 'link', fields });
  person.close();
}
