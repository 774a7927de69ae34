/** Converts a message of the bus to checkpoints, without input or output. The streams are the record; the table only indexes them. */
import type { BusMessage } from '#bus';
import {
  decodeEvent,
  decodeOutcome,
  readEvent,
  RESOLUTION_WORDS,
  HubError,
  kindOf,
  leaves,
  mayReport,
  networkInSubject,
  networkOf,
  type Degradation,
  type DurableEvent,
  type HubEvent,
  type Network,
  type Outcome,
} from '#protocol';
import { nativeHash, type CheckpointRow, type MediaUseRow, type NativeRefRow } from '#database';

export interface Recorded {
  checkpoints: CheckpointRow[];
  natives: NativeRefRow[];
  media: MediaUseRow[];
}

type Source = Pick<BusMessage, 'subject' | 'data' | 'seq' | 'storedAt'>;

/** @throws HubError 30 for an unreadable message: it has no checkpoint, but a dead letter */
export function toCheckpoints(message: Source): Recorded {
  const [, direction] = message.subject.split('.');
  if (direction === 'report') return ofOutcome(message, decodeOutcome(message.data));
  // Only the switch and the console write routed events.
  if (direction === 'out') return ofEvent(message, readEvent(message.data), 'routed');
  return ofEvent(message, decodeEvent(message.data), 'accepted');
}

/** A sequence number is unique only within its stream, and each network has a stream for the events that it sends. */
function placeInStream({ subject, seq }: Source): string {
  const [, direction, network] = subject.split('.');
  return direction === 'in' ? `in:${network}:${seq}` : `${direction}:${seq}`;
}

function ofEvent(message: Source, event: HubEvent, stage: 'accepted' | 'routed'): Recorded {
  const network = networkInSubject(message.subject);
  const { from, to } = event.data;
  const common = {
    stage,
    network,
    kind: kindOf(event),
    conversation: event.subject,
    from: from.address,
    to,
    at: message.storedAt,
    sentAt:
      event.type === 'im.hutong.message.v1' && stage === 'accepted' ? new Date(event.data.sentAt) : null,
  };
  const checkpoints = about(event as DurableEvent).map(({ id, code, detail }, index) => ({
    ...common,
    id: `${placeInStream(message)}:${index}`,
    eventId: id,
    code,
    detail,
  }));
  const native =
    event.type === 'im.hutong.message.v1' && stage === 'accepted' ? event.data.native : undefined;
  return {
    checkpoints,
    natives: native ? [nativeRef(network, native.id, event.id, message.storedAt)] : [],
    media: stage === 'accepted' ? mediaOf(event, message.storedAt) : [],
  };
}

/** How the switch resolved the address, if the sender named another one. */
function resolution({ resolvedby }: HubEvent): string | null {
  return resolvedby === undefined ? null : RESOLUTION_WORDS[resolvedby];
}

/** One line about what the destination could not show. */
function lossOf(degradations: Degradation[] | undefined): string | null {
  return degradations?.map(({ feature, rule }) => `${feature}: ${rule}`).join('; ') || null;
}

/** Attachments that the event names. They may be deleted when it is delivered. */
function mediaOf(event: HubEvent, at: Date): MediaUseRow[] {
  if (event.type !== 'im.hutong.message.v1') return [];
  return leaves(event.data.content.body).flatMap((part) =>
    part.kind === 'external' && part.url !== undefined ? [{ url: part.url, eventId: event.id, at }] : [],
  );
}

/** A receipt or a report is a checkpoint of the message that it is about. */
function about(event: DurableEvent): { id: string; code: Outcome['code']; detail: string | null }[] {
  switch (event.type) {
    case 'im.hutong.receipt.v1':
      return event.data.messages.map((id) => ({ id, code: '00', detail: event.data.status }));
    case 'im.hutong.report.v1':
      return [{ id: event.data.message, code: event.data.code, detail: event.data.detail ?? null }];
    case 'im.hutong.message.v1': {
      const detail = [resolution(event), lossOf(event.data.degradations)].filter(Boolean).join('; ') || null;
      return [{ id: event.id, code: '00', detail }];
    }
    case 'im.hutong.contact.v1':
    case 'im.hutong.group.v1':
    case 'im.hutong.notice.v1':
    case 'im.hutong.call.v1':
      return [{ id: event.id, code: '00', detail: resolution(event) }];
  }
}

function ofOutcome(message: Source, outcome: Outcome): Recorded {
  const reporter = networkInSubject(message.subject);
  if (!mayReport(outcome, reporter))
    throw new HubError('31', `${reporter} has nothing to say about this event`);
  const network = placeOf(outcome);
  const { event, conversation, kind, code, detail, from, to } = outcome;
  const row = {
    id: `report:${message.seq}:0`,
    eventId: event,
    stage: outcome.stage,
    network,
    kind,
    conversation,
    from: from.address,
    to,
    code,
    detail: detail ?? lossOf(outcome.degradations),
    at: message.storedAt,
    sentAt: null,
  };
  return {
    checkpoints: [row],
    natives: (outcome.native ?? []).map((native) => nativeRef(network, native, event, message.storedAt)),
    // This use never ends: the attachment is kept up to its age limit.
    media: (outcome.keeps ?? []).map((url) => ({ url, eventId: `${event}:kept`, at: message.storedAt })),
  };
}

function nativeRef(network: string, native: string, eventId: string, at: Date): NativeRefRow {
  return { network, nativeHash: nativeHash(native), eventId, at };
}

/** Network shown in the trace: the destination, except for events that the switch ended (neither waiting nor expired): the source. */
function placeOf({ by, stage, code, from, to }: Outcome): Network {
  const isWaiting = stage === 'stored' || code === '68';
  return by === 'switch' && !isWaiting ? networkOf(from.address) : networkOf(to);
}
