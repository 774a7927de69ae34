/** The contract suite: personal WeChat, simulated. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { weixinCapabilities } from '../src/weixin.config.js';
import { MANY, weixinHome } from './weixin.home.js';

/** A native thing without a canonical form: an item of a type that is not documented. */
const aNewThing: Oddity = (_word, to) => ({
  act: { do: 'send', to, what: 'link', fields: { Url: 'https://example.org/' } },
  words: '9',
});

keepsTheContract(
  'adapter-weixin on a simulated WeChat',
  'simulated',
  {
    capabilities: weixinCapabilities(24 * 3600_000, MANY),
    hasNoRooms: NO_ROOMS,
    annCan: ['reply', 'sendFile'],
    without: {
      recall: 'WeChat tells a bot of no recalls',
      rename: 'WeChat tells a bot no names of people',
      look: 'WeChat tells a bot no pictures of people',
    },
    ghosts: false,
    saysUnknown: ({ text }) => (text ?? '').includes('查无此人'),
  },
  (hub) => simulated(hub, 'weixin', 'ann', () => weixinHome(hub, ['ann']), aNewThing),
);
