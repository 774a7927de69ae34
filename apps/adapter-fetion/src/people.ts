/**
 * Subscribers of Fetion. The local part of a person's address is the number under which the adapter first met them: their
 * mobile number if they show it, otherwise their Fetion number (sid). Fetion itself uses URIs; the adapter keeps both
 * mappings.
 */
import { addressOf, HubError, type Address, type Network, type Party } from '#protocol';
import type { Hub } from '#adapter-kit';
import { child, LruCache, readXml, runInBackground } from '#service';
import type { FetionConnection } from './fetion.connection.js';
import { contactInfo } from './request-bodies.js';
import { sidOf } from './sign-in.js';

export interface Person {
  native: string;
  sid: string;
  uri: string;
  userId: string;
  nickname?: string | undefined;
}

const MOBILE = /^1\d{10}$/;
const SID = /^\d{5,10}$/;

export class People {
  private readonly byNative = new LruCache<string, Person>({ max: 50_000 });
  private readonly bySid = new LruCache<string, Person>({ max: 50_000 });
  private readonly pending = new Map<string, Promise<Person>>();

  constructor(
    private readonly network: Network,
    private readonly hub: Hub,
    /** The session that looks people up. */
    private readonly robot: FetionConnection,
    /** Mobile numbers of our own accounts. Nobody can write to one of them from another network: it would be a loop. */
    private readonly own: ReadonlySet<string>,
  ) {}

  /** By mobile number or sid, as people of other networks write it. @throws HubError 14 */
  find(native: string): Promise<Person> {
    const known = this.byNative.get(native) ?? this.bySid.get(native);
    if (known) return Promise.resolve(known);
    if (!MOBILE.test(native) && !SID.test(native))
      return Promise.reject(new HubError('14', 'neither a mobile number nor a Fetion number'));
    const uri = MOBILE.test(native) ? `tel:${native}` : `sip:${native}@fetion.com.cn`;
    return this.once(`native.${native}`, () => this.lookUp(uri, native));
  }

  /** By the URI that the network shows. @throws HubError 30, 14 */
  ofUri(uri: string): Promise<Person> {
    const sid = sidOf(uri);
    // People who write by SMS have a tel: URI.
    const mobile = /^tel:(?:\+?86)?(1\d{10})$/.exec(uri)?.[1];
    if (mobile !== undefined) return this.find(mobile);
    if (sid === undefined) return Promise.reject(new HubError('30', 'not the URI of a person'));
    const known = this.bySid.get(sid);
    return known ? Promise.resolve(known) : this.once(`sid.${sid}`, () => this.lookUp(uri, undefined));
  }

  known(sid: string): Person | undefined {
    return this.bySid.get(sid);
  }

  renamed(person: Person, nickname: string | undefined): void {
    if (!nickname || nickname === person.nickname) return;
    person.nickname = nickname;
    // Stored so that the next process knows the new name too.
    runInBackground('name of a person', this.hub.log, () => this.store(person));
    this.hub.learn(this.address(person.native), { displayName: nickname });
  }

  party({ native, nickname }: Person): Party {
    return { address: this.address(native), ...(nickname ? { displayName: nickname } : {}) };
  }

  private async store(person: Person, ...more: string[]): Promise<void> {
    const keys = [...more, `native.${person.native}`, `sid.${person.sid}`];
    await Promise.all(keys.map((name) => this.hub.memory.put(name, person)));
  }

  private address(native: string): Address {
    return addressOf(this.network, native);
  }

  /** Reads the stored person before it asks Fetion, so that a person keeps their first number for good. */
  private async once(key: string, look: () => Promise<Person>): Promise<Person> {
    const before = this.pending.get(key);
    if (before) return before;
    const work = (async () => {
      const stored = (await this.hub.memory.get(key)) as Person | undefined;
      if (stored) return this.keep(stored);
      const person = this.keep(await look());
      await this.store(person, key);
      return person;
    })().finally(() => this.pending.delete(key));
    this.pending.set(key, work);
    return work;
  }

  /** @param asked the number under which somebody of another network asked for them */
  private async lookUp(uri: string, asked: string | undefined): Promise<Person> {
    const answer = await this.robot.service('GetContactInfoV4', contactInfo({ uri }));
    const contact = child(readXml(answer.body), 'contact')?.attributes ?? {};
    const found = sidOf(contact['uri'] ?? '');
    if (found === undefined) throw new HubError('14', 'no Fetion subscriber has that number');
    const mobile = MOBILE.test(contact['mobile-no'] ?? '') ? contact['mobile-no'] : undefined;
    if (this.own.has(mobile ?? asked ?? ''))
      throw new HubError('14', 'an account of this adapter is not a subscriber');
    const met = (await this.hub.memory.get(`sid.${found}`)) as Person | undefined;
    return (
      met ?? {
        native: asked ?? mobile ?? found,
        sid: found,
        uri: contact['uri'] ?? '',
        userId: contact['user-id'] ?? '',
        nickname: contact['nickname'] || undefined,
      }
    );
  }

  private keep(person: Person): Person {
    this.byNative.set(person.native, person);
    this.bySid.set(person.sid, person);
    return person;
  }
}
