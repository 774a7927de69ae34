import { isolatesConversations } from '#adapter-contract';
import { addressOf, network } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import type { FetionConnection } from '../src/fetion.connection.js';
import type { Ghosts } from '../src/ghosts.js';
import { Inbound, type Owner } from '../src/inbound.js';
import { People } from '../src/people.js';
import { Robot } from '../src/robot.js';
import type { Frame } from '../src/sipc-frame.js';

const FETION = network('fetion');
const sidOf = (person: number) => `79340000${person}`;

function messageOf(person: number, text: string): Frame {
  const id = `${person} ${text}`;
  return {
    start: { kind: 'request', method: 'M', target: 'fetion.com.cn' },
    headers: [
      ['F', `sip:${sidOf(person)}@fetion.com.cn;p=1`],
      ['I', '5'],
      ['Q', '1 M'],
      ['C', 'text/plain'],
      ['XI', id],
    ],
    body: text,
  };
}

const owners: [string, Owner][] = [
  ['a ghost', { remote: addressOf(network('far'), 'sue') }],
  ['the robot', 'robot'],
];

describe.each(owners)('messages to %s', (_, owner) => {
  isolatesConversations(async (slow) => {
    const double = new HubDouble({ talked: true });
    const { memory } = double.hub;
    for (const person of [0, 1, 2, 3]) {
      const sid = sidOf(person);
      const stored = { native: sid, sid, uri: `sip:${sid}@fetion.com.cn`, userId: String(person) };
      await memory.put(`sid.${sid}`, stored);
    }
    const hub = slow(double.hub);
    const session = {
      account: { mobile: '13900000001' },
      answer: () => undefined,
      request: () => Promise.resolve(),
    } as unknown as FetionConnection;
    const people = new People(FETION, hub, session, new Set());
    const ghosts = { ensure: () => Promise.resolve(undefined) } as unknown as Ghosts;
    const robot = new Robot({ network: FETION, hub, session, ghosts, people });
    const inbound = new Inbound(hub, people, robot);
    return { write: (person, text) => inbound.take(session, owner, messageOf(person, text)) };
  });
});
