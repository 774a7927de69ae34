/**
 * The numbers of people of other networks. A number is a digest of the address; where it belongs to somebody else already,
 * the next one that is free. Only number -> address is stored, so one write decides, and all processes find the same.
 */
import { createHash } from 'node:crypto';
import type { Memory } from '#adapter-kit';
import { addressOf, HubError, network, parseAddress, type Address } from '#protocol';
import { LruCache } from '#service';
import { HIGHEST_BOT } from './onebot.config.js';

/** 16 digits: no QQ number is so long, and JavaScript has all of them exactly. */
const LOWEST = 1_000_000_000_000_000;
const COUNT = 8_000_000_000_000_000;
const CACHED = 20_000;

export class People {
  private readonly addresses = new LruCache<number, Address>({ max: CACHED });
  private readonly numbers = new LruCache<Address, number>({ max: CACHED });

  /** @param digest of an address, below COUNT */
  constructor(
    private readonly memory: Pick<Memory, 'get' | 'change'>,
    private readonly digest = digestOf,
  ) {}

  /** The number of a person, from now on and for ever. @throws HubError 91 */
  async numberOf(address: Address): Promise<number> {
    const known = this.numbers.get(address);
    if (known !== undefined) return known;
    for (let choice = this.digest(address) % COUNT; ; choice = (choice + 1) % COUNT) {
      const number = LOWEST + choice;
      if ((await this.ownerOf(number, address)) !== address) continue;
      this.remember(number, address);
      return number;
    }
  }

  /**
   * Whom a bot means.
   * @param user a number; or an address, with which a bot writes to somebody whose number it does not know yet
   * @throws HubError 14 for a number that nobody has, 30 for what is neither, 91
   */
  async find(user: unknown): Promise<Address> {
    const text = String(typeof user === 'number' || typeof user === 'string' ? user : '');
    if (text.includes('@')) return addressIn(text);
    const number = /^\d{5,16}$/.test(text) ? Number(text) : NaN;
    if (Number.isNaN(number)) throw new HubError('30', 'user_id: expected a number, or <id>@<network>');
    const known = this.addresses.get(number);
    if (known !== undefined) return known;
    const stored = number > HIGHEST_BOT ? await this.memory.get(keyOf(number)) : undefined;
    if (typeof stored !== 'string') throw new HubError('14', `nobody has the number ${number}`);
    this.remember(number, stored as Address);
    return stored as Address;
  }

  private async ownerOf(number: number, address: Address): Promise<unknown> {
    let owner: unknown = address;
    await this.memory.change(keyOf(number), (stored) => {
      owner = typeof stored === 'string' ? stored : address;
      return Promise.resolve(owner === stored ? undefined : address);
    });
    return owner;
  }

  private remember(number: number, address: Address): void {
    this.addresses.set(number, address);
    this.numbers.set(address, number);
  }
}

function keyOf(number: number): string {
  return `number.${number}`;
}

function digestOf(address: Address): number {
  const digest = createHash('sha256').update(address).digest();
  return Number(digest.readBigUInt64BE() % BigInt(COUNT));
}

/** `im:alice%40example.org@xmpp`, or as people write it: `alice@example.org@xmpp`. @throws HubError 30 */
function addressIn(text: string): Address {
  if (text.length > 1000) throw new HubError('30', 'user_id: too long');
  if (text.startsWith('im:')) {
    const { network: slug, native } = parseAddress(text);
    return addressOf(slug, native);
  }
  const at = text.lastIndexOf('@');
  return addressOf(network(text.slice(at + 1)), text.slice(0, at));
}
