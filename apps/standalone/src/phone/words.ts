/** What the terminal phone says, in the language of the network whose client it stands for. */
import type { Capabilities } from '#protocol';
import type { Sight } from '#simulators';
import { EN } from './words.en.js';
import { ZH } from './words.zh.js';

export type Language = Capabilities['language'];

export type CommandName =
  | 'to'
  | 'contacts'
  | 'add'
  | 'yes'
  | 'no'
  | 'remove'
  | 'pair'
  | 'picture'
  | 'voice'
  | 'place'
  | 'reply'
  | 'edit'
  | 'recall'
  | 'react'
  | 'read'
  | 'nudge'
  | 'call'
  | 'accept'
  | 'decline'
  | 'press'
  | 'hangup'
  | 'typing'
  | 'online'
  | 'away'
  | 'help'
  | 'quit';

/** What follows the name of a command, and what the command does. */
export interface CommandHelp {
  takes: string;
  does: string;
}

/** Of a client, whatever its network: how somebody's presence is called. */
export type PresenceWord =
  | 'online'
  | 'away'
  | 'longAway'
  | 'rightBack'
  | 'onThePhone'
  | 'outToLunch'
  | 'busy'
  | 'doNotDisturb'
  | 'inAMeeting'
  | 'offline'
  | 'unknown';

/** Kinds of sights that are one sentence: who did what. */
export type TellingKind = Exclude<
  Sight['kind'],
  'text' | 'media' | 'location' | 'card' | 'link' | 'failed' | 'presence' | 'request' | 'sent' | 'call'
>;

/** What becomes of a call. */
export type CallState = 'incoming' | 'outgoing' | 'ringing' | 'talking' | 'over';

export interface PhoneWords {
  commands: Record<CommandName, CommandHelp>;
  /** Below the commands. */
  helpEnd: string;
  start: (who: string, network: string) => string;
  writingTo: (peer: string) => string;
  writingToChannel: (peer: string) => string;
  toWhom: string;
  noSuchCommand: (name: string) => string;
  usage: (usage: string) => string;
  notALine: (usage: string) => string;
  notYourLine: (usage: string) => string;
  notACoordinate: string;
  placeNameTooLong: (max: number) => string;
  notHere: (network: string, command: string) => string;
  refused: (why: string) => string;
  noFile: (path: string) => string;
  notAFile: (path: string) => string;
  unreadable: (path: string, why: string) => string;
  emptyFile: (path: string) => string;
  fileTooLarge: (path: string, size: string, max: string) => string;
  notAPicture: (path: string, type: string) => string;
  notAVoiceNote: (path: string, type: string) => string;
  /** After a command that shows nothing of its own. */
  done: string;
  noContacts: string;
  presence: Record<PresenceWord, string>;
  /** A presence of the network that the phone has no words for. */
  otherPresence: (state: string) => string;
  is: (who: string, presence: string) => string;
  wantsToBeAContact: (who: string, from: string) => string;
  calls: Record<CallState, (who: string) => string>;
  told: Record<TellingKind, (who: string, line: string) => string>;
  /** @param line of one's own, or empty */
  notDelivered: (line: string) => string;
  sms: string;
  sentAt: (time: string) => string;
  /** Kinds of media, by what networks call them. */
  media: Record<'image' | 'voice' | 'video' | 'file' | 'sticker', string>;
  place: string;
  card: string;
  unknownSize: string;
  seconds: (seconds: number) => string;
  cut: (more: number) => string;
}

export const WORDS: Record<Language, PhoneWords> = { en: EN, zh: ZH };
