import { isolatesConversations } from '#adapter-contract';
import { addressOf, network } from '#protocol';
import { MatrixStage, SERVER } from '../../../test/support/matrix-stage.js';

const [userOf, roomOf] = [
  (person: number) => `@p${person}:${SERVER}`,
  (person: number) => `!r${person}:${SERVER}`,
];

/** What an earlier process stored: the rooms are not in memory. */
async function storedPortals(): Promise<Map<string, string>> {
  const earlier = new MatrixStage();
  for (const person of [0, 1, 2, 3])
    await earlier.portals.adopt(roomOf(person), userOf(person), addressOf(network('far'), `friend${person}`));
  earlier.close();
  return earlier.stored;
}

function messageOf(stage: MatrixStage, person: number, text: string) {
  const content = {
    msgtype: 'm.text',
    body: text,
    'm.relates_to': { 'm.in_reply_to': { event_id: '$never' } },
  };
  const by = { sender: userOf(person), room_id: roomOf(person) };
  return stage.event(`$${person}-${text}`, 'm.room.message', content, by);
}

describe('in transactions of their own', () => {
  isolatesConversations(async (slow) => {
    const stage = new MatrixStage(await storedPortals(), slow);
    return {
      write: (person, text) => stage.push(messageOf(stage, person, text)),
      close: () => stage.close(),
    };
  });
});

describe('in the same transaction', () => {
  isolatesConversations(async (slow) => {
    const stage = new MatrixStage(await storedPortals(), slow);
    const next: object[] = [];
    let pushed: Promise<void> | undefined;
    return {
      // What is written at once is pushed together.
      write: (person, text) => {
        next.push(messageOf(stage, person, text));
        pushed ??= Promise.resolve().then(() => {
          pushed = undefined;
          return stage.push(...next.splice(0));
        });
        return pushed;
      },
      close: () => stage.close(),
    };
  });
});
