/** In which queues pushed events wait: an event in that of its room, and whatever changes the rooms of a person in theirs too. Pure. */
import type { MatrixEvent } from './matrix.events.js';
import { isOurs } from './user-ids.js';

export interface EventsInTurn {
  conversations: string[];
  events: MatrixEvent[];
}

/** Events of one room are processed together, so that in doubt the room is read once. */
export function inTheirTurns(events: MatrixEvent[], serverName: string): EventsInTurn[] {
  const turns: EventsInTurn[] = [];
  const last = new Map<string, EventsInTurn>();
  for (const event of events) {
    const conversations = conversationsOf(event, serverName);
    const [room = ''] = conversations;
    const before = last.get(room);
    if (before && conversations.length === 1 && before.conversations.length === 1) before.events.push(event);
    else {
      const turn = { conversations, events: [event] };
      turns.push(turn);
      last.set(room, turn);
    }
  }
  return turns;
}

function conversationsOf(event: MatrixEvent, serverName: string): string[] {
  const { room_id: room = '', sender = '', state_key: subject = '' } = event;
  switch (event.type) {
    case 'm.room.member':
      // A person invites the ghost into a second room: the pair uses it after the first one.
      return [room, isOurs(subject, serverName) ? sender : subject];
    case 'm.room.tombstone': {
      // The invitation to the successor continues this conversation.
      const successor = event.content['replacement_room'];
      return [room, ...(typeof successor === 'string' ? [successor] : [])];
    }
    default:
      return [room];
  }
}

/** Typing and receipts stay behind the messages of their room. */
export function conversationOfEphemeral({ room_id: room, sender = '' }: Partial<MatrixEvent>): string {
  return room ?? `presence ${sender}`;
}
