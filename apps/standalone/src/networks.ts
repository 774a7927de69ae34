/** The networks of Hutong. A new network needs its folder and a line here. */
import type { NetworkManifest } from '#network-manifest';
import { fetion } from '../../adapter-fetion/src/network.js';
import { line } from '../../adapter-line/src/network.js';
import { matrix } from '../../adapter-matrix/src/network.js';
import { bots } from '../../adapter-onebot/src/network.js';
import { feiliao, sandbox } from '../../adapter-open/src/network.js';
import { telephone, youxin } from '../../adapter-sip/src/network.js';
import { telegram } from '../../adapter-telegram/src/network.js';
import { qq } from '../../adapter-qq/src/network.js';
import { rcs } from '../../adapter-rcs/src/network.js';
import { sms } from '../../adapter-sms/src/network.js';
import { wechat } from '../../adapter-wechat/src/network.js';
import { wecom } from '../../adapter-wecom/src/network.js';
import { weibo } from '../../adapter-weibo/src/network.js';
import { weixin } from '../../adapter-weixin/src/network.js';
import { whatsapp } from '../../adapter-whatsapp/src/network.js';
import { xmpp } from '../../adapter-xmpp/src/network.js';
import { yixin } from '../../adapter-yixin/src/network.js';
import { yunxin } from '../../adapter-yunxin/src/network.js';

export const NETWORKS: readonly NetworkManifest[] = [
  xmpp,
  matrix,
  fetion,
  wechat,
  wecom,
  weixin,
  yixin,
  yunxin,
  line,
  telegram,
  whatsapp,
  qq,
  rcs,
  youxin,
  sms,
  telephone,
  weibo,
  bots,
  feiliao,
  sandbox,
];
