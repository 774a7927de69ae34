import { isolatesConversations } from '#adapter-contract';
import { accountWayIn } from '../../../test/support/account-way-in.js';
import { OFFICIAL_ACCOUNT } from '../src/wechat.profile.js';

isolatesConversations(accountWayIn(OFFICIAL_ACCOUNT));
