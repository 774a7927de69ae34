/** The contract suite: WhatsApp, simulated. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { until } from '../../../test/support/hub-fixture.js';
import { numberOf, type WhatsAppSimulator } from '../simulator/index.js';
import { WHATSAPP_CAPABILITIES } from '../src/whatsapp.config.js';
import { whatsappHome } from './whatsapp.home.js';

/** A native thing without a canonical form: Meta says of what it does not hand out only that it came. */
const anEdit: Oddity = (word, to) => ({
  act: { do: 'edit', to, target: 'any', text: word },
  words: 'unsupported',
});

let whatsapp: WhatsAppSimulator;

keepsTheContract(
  'adapter-whatsapp on a simulated WhatsApp',
  'simulated',
  {
    capabilities: WHATSAPP_CAPABILITIES,
    hasNoRooms: NO_ROOMS,
    annCan: ['reply', 'react', 'markRead', 'sendFile', 'rename'],
    without: {
      edit: 'WhatsApp tells a business of no edits',
      recall: 'WhatsApp tells a business of no recalls',
      look: 'WhatsApp tells a business no pictures of people',
      type: 'WhatsApp tells a business of no typing',
    },
    hasNoLateFailure:
      'after the device has a message, WhatsApp reports no failure of it; the play of a lost part has one that comes before',
    ghosts: false,
    saysUnknown: ({ text }) => (text ?? '').includes('no such person'),
  },
  (hub) => {
    const open = async () => {
      const home = await whatsappHome(hub);
      whatsapp = home.whatsapp;
      return home;
    };
    return simulated(hub, 'whatsapp', 'ann', open, anEdit);
  },
  (stage) => {
    test('a long text of which the second part is lost: sue reads that it was not delivered, and gets a receipt for no part', async () => {
      const { far, network } = stage();
      const [from, to] = ['sue of the long text', `${numberOf('ann')}@${network}`];
      const { timeline } = whatsapp.person(numberOf('ann'));
      const said = (text: string) => timeline.filter((seen) => seen.text?.includes(text)).length;
      const heard = (target: string) => far.inbox(from).filter((act) => act.target === target);
      const last = (target: string) => heard(target).at(-1);
      whatsapp.turnDeviceOff(1);
      const text = `the beginning ${'and so on '.repeat(900)} the end`;
      const lost = far.act({ kind: 'message', from, to, text });
      await until('the last part', () => said('the end') === 1);
      await whatsapp.idle();
      whatsapp.fail(whatsapp.undelivered[0] ?? '');
      await until('the failure', () => last(lost)?.kind === 'failure');
      const kept = far.act({ kind: 'message', from, to, text });
      await until('the receipt', () => last(kept)?.kind === 'delivered');
      expect([heard(lost), heard(kept)].map((acts) => acts.map(({ kind }) => kind))).toEqual([
        ['failure'],
        ['delivered'],
      ]);
      expect([said('the beginning'), said('the end')]).toEqual([2, 2]);
    });
  },
);
