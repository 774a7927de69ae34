/** What an account sends to its people, and what of it reaches them. */
import { ApiError } from './codes.js';
import type { Clock } from './clock.js';
import type { PlatformKind } from './kind.js';
import type { MediaStore } from './media-store.js';
import type { PlatformPerson } from './platform-person.js';
import { shownOfSend, type Shown } from './shown.js';
import { textOf } from './text-of.js';

const DAY = 86_400_000;

type Body = Record<string, unknown>;

export interface SendingParts {
  kind: PlatformKind;
  agentId: string | undefined;
  clock: Clock;
  media: MediaStore;
  nextId(): string;
  find(native: string): PlatformPerson | undefined;
  people(): PlatformPerson[];
}

interface Sent {
  at: number;
  to: PlatformPerson[];
}

export class Sending {
  private readonly sent = new Map<string, Sent>();
  /** Of those sends that asked for it: the very content, to when it counts and what it was. */
  private readonly recent = new Map<string, { until: number; msgid: string }>();

  constructor(private readonly parts: SendingParts) {}

  toOne(body: Body): Body {
    const person = this.parts.find(textOf(body['touser']));
    if (!person) throw new ApiError(40003);
    const shown = this.read(body);
    if (!person.follows) throw new ApiError(43004);
    person.window.use();
    person.see(shown, this.parts.nextId());
    return {};
  }

  typing(body: Body): Body {
    const person = this.parts.find(textOf(body['touser']));
    if (!person) throw new ApiError(40003);
    const state = textOf(body['command']);
    if (state !== 'Typing' && state !== 'CancelTyping') throw new ApiError(40058);
    person.see({ kind: 'typing', state }, this.parts.nextId());
    return {};
  }

  toMembers(body: Body): Body {
    if (textOf(body['agentid']) !== this.parts.agentId) throw new ApiError(40056);
    const { members, invalid } = this.recipients(body);
    const shown = this.read(body);
    const answer = { invaliduser: invalid.join('|'), invalidparty: '', invalidtag: '' };
    const before = this.duplicateOf(body);
    if (before) return { ...answer, msgid: before };
    const msgid = this.parts.nextId();
    // A send beyond the limit of a member is dropped; the answer is the same as for a delivered one.
    const reached = members.filter((member) => member.rate.use());
    for (const member of reached) member.see(shown, msgid, true);
    this.sent.set(msgid, { at: this.parts.clock.now(), to: reached });
    this.remember(body, msgid);
    return { ...answer, msgid };
  }

  recall(body: Body): Body {
    const sent = this.sent.get(textOf(body['msgid']));
    if (!sent || this.parts.clock.now() - sent.at > DAY) throw new ApiError(40058);
    for (const member of sent.to) member.seeRecall(textOf(body['msgid']), this.parts.nextId());
    sent.to = [];
    return {};
  }

  private recipients(body: Body): { members: PlatformPerson[]; invalid: string[] } {
    const touser = textOf(body['touser']);
    if (!touser && !body['toparty'] && !body['totag']) throw new ApiError(82001);
    const everybody = this.parts.people().filter(({ follows }) => follows);
    if (touser === '@all') return { members: everybody, invalid: [] };
    const invalid: string[] = [];
    const members = new Set<PlatformPerson>();
    for (const userid of touser.split('|').filter(Boolean)) {
      const person = this.parts.find(userid);
      if (person?.follows) members.add(person);
      else invalid.push(userid.toLowerCase());
    }
    if (members.size === 0) throw new ApiError(81013);
    return { members: [...members], invalid };
  }

  private read(body: Body): Shown {
    const { kind, media } = this.parts;
    const msgtype = textOf(body['msgtype']);
    if (!kind.msgTypes.includes(msgtype)) throw new ApiError(40008);
    const shown = shownOfSend(msgtype, body);
    if (shown.mediaId) media.get(shown.mediaId);
    return shown.kind === 'text' ? { ...shown, text: this.fit(shown.text ?? '') } : shown;
  }

  private fit(text: string): string {
    const bytes = Buffer.from(text);
    const { bytes: limit, beyond } = this.parts.kind.text;
    if (bytes.length <= limit) return text;
    if (beyond === 'refuse') throw new ApiError(45002);
    // Half a character at the end is no character.
    return new TextDecoder().decode(bytes.subarray(0, limit), { stream: true });
  }

  private duplicateOf(body: Body): string | undefined {
    if (body['enable_duplicate_check'] !== 1) return undefined;
    const before = this.recent.get(JSON.stringify(body));
    return before && before.until > this.parts.clock.now() ? before.msgid : undefined;
  }

  private remember(body: Body, msgid: string): void {
    if (body['enable_duplicate_check'] !== 1) return;
    const seconds = Math.min(Number(body['duplicate_check_interval'] ?? 1800), 4 * 3600);
    this.recent.set(JSON.stringify(body), { until: this.parts.clock.now() + seconds * 1000, msgid });
  }
}
