import { isolatesConversations } from '#adapter-contract';
import { accountWayIn } from '../../../test/support/account-way-in.js';
import { OFFICIAL_ACCOUNT } from './wechat.profile.js';

isolatesConversations(accountWayIn(OFFICIAL_ACCOUNT));
