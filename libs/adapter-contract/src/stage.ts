/** The set and the cast of the contract suite, and what may be expected of the network under test. */
import type { Capabilities, Consent, HubEvent } from '#protocol';
import type { TestNetwork } from './test-network.js';

/** An entry that a person's client shows. */
export interface Seen {
  kind:
    | 'text'
    | 'edit'
    | 'recall'
    | 'reaction'
    | 'delivered'
    | 'read'
    | 'typing'
    | 'presence'
    | 'error'
    | 'notice'
    | 'subscribe'
    | 'subscribed'
    | 'unsubscribed'
    | 'invited'
    | 'media'
    | 'location'
    | 'card';
  /** Native id of who did it: the ghost that this person sees. */
  from: string;
  id: string;
  text?: string;
  /** The message that it is about. */
  target?: string;
  /** The quote that the client removes from the text because it shows the target instead. */
  quote?: string;
  emoji?: string[];
  state?: string;
  /** Original time, when it came late. */
  since?: string;
  /** Kind `media`: URL from which the client downloads the attachment, and its metadata. */
  media?: { url: string; name?: string; type?: string; seconds?: number; thumbnail?: string };
}

/** What a person can do with the room of a conversation, where conversations are rooms. */
export interface LocalRooms {
  /** Where a message was read. */
  roomOf(seen: Seen): string | undefined;
  /** A new room for the two, in which this person alone has a say. */
  open(peer: string): Promise<void>;
  kick(peer: string): Promise<void>;
  invite(peer: string): Promise<void>;
  leave(peer: string): Promise<void>;
  /** Another room takes the place of this one; the client invites the peer there. @returns the new room */
  upgrade(peer: string): Promise<string>;
}

/** A person's ordinary client on the network under test. */
export interface LocalPhone {
  /** Native id of this person. */
  readonly native: string;
  readonly timeline: Seen[];
  write(peer: string, text: string): Promise<string>;
  reply(peer: string, to: string, text: string): Promise<string>;
  edit(peer: string, target: string, text: string): Promise<void>;
  recall(peer: string, target: string): Promise<void>;
  react(peer: string, target: string, emoji: string[]): Promise<void>;
  markRead(peer: string, target: string): Promise<void>;
  type(peer: string, on: boolean): Promise<void>;
  /** Where people are invited: invitations wait, until one is answered. */
  holdInvitations?(): void;
  answerInvitation?(invitation: Seen, accept: boolean): Promise<void>;
  readonly rooms?: LocalRooms;
  /** Where people can send files. @returns native id of the message */
  sendFile?(peer: string, file: LocalFile): Promise<string>;
  /** Another name, where people can have one. @param peer who is written to: some networks tell it with a message only */
  rename?(name: string, peer: string): Promise<void>;
  /** Another avatar, where people can have one; "" for none. */
  look?(picture: string, peer: string): Promise<void>;
  /** How this person's client shows somebody now. */
  shownName?(peer: string): Promise<string | undefined>;
  /** The avatar that the client shows of somebody now. */
  shownAvatar?(peer: string): Promise<Buffer | undefined>;
  /**
   * Something that people of this network can send and that has no canonical form: a poll, a card of a mini program, a subject.
   * @returns words of it that must be read on the other side, if it is told there in words
   */
  sendOddity?(peer: string, word: string): Promise<{ words: string }>;
  /** The content of something that was seen; needed where the network takes media. */
  fetch?(seen: Seen): Promise<Buffer>;
}

export interface LocalFile {
  path: string;
  name: string;
  type: string;
  kind: 'image' | 'voice' | 'video' | 'file';
  /** Of a voice note. */
  seconds?: number;
}

export type LocalAbility =
  'reply' | 'edit' | 'recall' | 'react' | 'markRead' | 'type' | 'sendFile' | 'rename' | 'look';
export const LOCAL_ABILITIES: LocalAbility[] = [
  'reply',
  'edit',
  'recall',
  'react',
  'markRead',
  'type',
  'sendFile',
  'rename',
  'look',
];

/** The environment and the people of the plays, which the caller of the suite provides. */
export interface Stage {
  /** Slug of the network under test. */
  network: string;
  ann: LocalPhone;
  far: TestNetwork;
  /** How ann writes to a person of the test network. */
  ghostOf(farPerson: string): string;
  /** A second adapter of the test network, of foreign make. */
  foreign: ForeignAdapter;
  /** Stored as the console stores it; in force when it resolves. */
  consent(consent: Consent): Promise<void>;
  /** The bot account for remote people, if the network has one. */
  channel?: string | undefined;
  /** A native id in the network's own form that no message has. */
  unknownMessage?: string;
  /** The adapter ends, with SIGKILL or as it is asked to, and starts again. */
  restart(how: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** An adapter that does not use the kit: it makes its own event ids, and reads what comes for its network. */
export interface ForeignAdapter {
  /** Resolves when the bus has it. */
  publish(event: HubEvent): Promise<void>;
  /** What the switch sent to the test network, oldest first. */
  readonly received: HubEvent[];
}

/** What may be expected of the network under test. */
export interface Expectation {
  /** As its adapter declares them: what is not shown comes as words. */
  capabilities: Capabilities;
  /** What people can do in its own clients. */
  annCan: readonly LocalAbility[];
  /** Why people cannot do in its own clients what is not in `annCan`, for the plays that need it. */
  without?: Partial<Record<LocalAbility | 'shownName' | 'shownAvatar', string>>;
  /** True if every remote person has an account on the network; false if all write through one bot account. */
  ghosts: boolean;
  /** Are people invited before they can be written to? Elsewhere the first message comes without an invitation. */
  invites?: true;
  /** Why ann's client has no `sendOddity`. */
  hasNoOddity?: string;
  /** Why ann's client has no `rooms`. */
  hasNoRooms?: string;
  /** How ann learns that there is no such person. */
  saysUnknown: (seen: Seen, ghost: string) => boolean;
}

/** A network whose clients can do everything, and that answers with an error or a notice. */
export function everything(capabilities: Capabilities): Expectation {
  return {
    capabilities,
    annCan: LOCAL_ABILITIES,
    ghosts: true,
    saysUnknown: ({ kind, from, text }, ghost) =>
      (kind === 'error' || kind === 'notice') && from === ghost && (text ?? '').includes('14'),
  };
}
