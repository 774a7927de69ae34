import { isolatesConversations } from '#adapter-contract';
import { accountWayIn } from '../../../test/support/account-way-in.js';
import { YIXIN } from '../src/yixin.profile.js';

isolatesConversations(accountWayIn(YIXIN));
