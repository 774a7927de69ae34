/** The environment and the clients of the contract suite, and the expectations about the network under test. */
import type { CallCommand, CallSignal, Capabilities, Consent, HubEvent } from '#protocol';
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
    | 'card'
    | 'call';
  /** Native id of the author: the ghost that this person sees. */
  from: string;
  id: string;
  text?: string;
  /** The message that the entry refers to. */
  target?: string;
  /** The quote that the client removes from the text because it shows the target instead. */
  quote?: string;
  emoji?: string[];
  /** Kind `call`: incoming, outgoing, ringing, talking, over; `text` says how it ended. */
  state?: string;
  /** Original time of a late message. */
  since?: string;
  /** Kind `media`: URL from which the client downloads the attachment, and its metadata. */
  media?: { url: string; name?: string; type?: string; seconds?: number; thumbnail?: string };
}

/** What a person can do with the room of a conversation, where conversations are rooms. */
export interface LocalRooms {
  /** The room in which a message was read. */
  roomOf(seen: Seen): string | undefined;
  /** Makes a new room for the two people, in which only this person has rights. */
  open(peer: string): Promise<void>;
  kick(peer: string): Promise<void>;
  invite(peer: string): Promise<void>;
  leave(peer: string): Promise<void>;
  /** Replaces this room by another one; the client invites the peer there. @returns the new room */
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
  /** Present if people are invited: invitations wait until this person answers. */
  holdInvitations?(): void;
  answerInvitation?(invitation: Seen, accept: boolean): Promise<void>;
  readonly rooms?: LocalRooms;
  /** Present if people can send files. @returns native id of the message */
  sendFile?(peer: string, file: LocalFile): Promise<string>;
  /** Changes the name; present if people can have one. @param peer recipient: some networks send names with messages only */
  rename?(name: string, peer: string): Promise<void>;
  /** Changes the avatar; present if people can have one. "" removes it. */
  look?(picture: string, peer: string): Promise<void>;
  /** The name that this person's client shows for somebody now. */
  shownName?(peer: string): Promise<string | undefined>;
  /** The avatar that the client shows for somebody now. */
  shownAvatar?(peer: string): Promise<Buffer | undefined>;
  /**
   * Something that people of this network can send and that has no canonical form: a poll, a card of a mini program, a subject.
   * @returns text that must appear on the other side, if it arrives there as text
   */
  sendOddity?(peer: string, word: string): Promise<{ words: string }>;
  /** Calls somebody, if the clients of this network can. */
  ring?(peer: string): Promise<unknown>;
  /** The content of an attachment that was seen; needed if the network accepts attachments. */
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
  /** A second adapter of the test network, which does not use the kit. */
  thirdParty: ThirdPartyAdapter;
  gateway: CallGateway;
  /** Stores it as the console does. It is in force when the promise resolves. */
  consent(consent: Consent): Promise<void>;
  /** The bot account for remote people, if the network has one. */
  channel?: string | undefined;
  /** A native id in the network's own form that no message has. */
  unknownMessage?: string;
  /** The network reports that a message which ann has received failed with code 14. Present if it can be made to do so. */
  failLater?: ((received: Seen) => Promise<unknown>) | undefined;
  /** The adapter ends, with SIGKILL or gracefully, and starts again. */
  restart(how: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** The media gateway: gives the links of call pages, and tells what people do there. */
export interface CallGateway {
  /** Of the network under test, oldest first. */
  readonly commands: CallCommand[];
  linkOf(call: Pick<CallCommand, 'call' | 'side'>): string;
  /** Ann does something on her page. */
  act(signal: CallSignal): Promise<unknown>;
}

/** An adapter that does not use the kit: it makes its own event ids, and reads the events for its network. */
export interface ThirdPartyAdapter {
  /** Resolves when the event is stored on the bus. */
  publish(event: HubEvent): Promise<void>;
  /** Events that the switch sent to the test network, oldest first. */
  readonly received: HubEvent[];
}

/** Expectations about the network under test. */
export interface Expectation {
  /** As its adapter declares them: features that are not shown arrive as text. */
  capabilities: Capabilities;
  /** What people can do in its own clients. */
  annCan: readonly LocalAbility[];
  /** Reasons why its clients lack the features that are not in `annCan`, for the plays that need them. */
  without?: Partial<Record<LocalAbility | 'shownName' | 'shownAvatar', string>>;
  /** True if every remote person has an account on the network; false if all write through one bot account. */
  ghosts: boolean;
  /** true: people are invited before they receive messages. false: the first message arrives without an invitation. */
  invites?: true;
  /** Why a message whose sending was interrupted by a crash is not sent again: its sender is notified that it is in doubt. */
  sendsAtMostOnce?: string;
  /** Why a message that ann has read is recalled in words, although the adapter declares recalls. */
  recallsOnlyUnread?: string;
  /** Why ann's client has no `sendOddity`. */
  hasNoOddity?: string;
  /** Why ann's client has no `rooms`. */
  hasNoRooms?: string;
  /** Why the stage has no `failLater`, although the adapter declares late failures. */
  hasNoLateFailure?: string;
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
