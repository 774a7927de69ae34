import { isolatesConversations } from '#adapter-contract';
import { accountWayIn } from '../../../test/support/account-way-in.js';
import { WECOM } from '../src/wecom.profile.js';

isolatesConversations(accountWayIn(WECOM));
