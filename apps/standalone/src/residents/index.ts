/** Every network of a standalone installation: one line each. */
import type { Resident } from '../house.js';
import { fetion } from './fetion.js';
import { matrix } from './matrix.js';
import { feiliao, sandbox } from './open.js';
import { wechat, yixin } from './platforms.js';
import { xmpp } from './xmpp.js';

export const RESIDENTS: Resident[] = [xmpp, matrix, fetion, wechat, yixin, feiliao, sandbox];
