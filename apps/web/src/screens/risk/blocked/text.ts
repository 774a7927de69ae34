import type { TextSet } from '../../../text/text-set';

export const blockedTexts = {
  title: { zh: '屏蔽名单', en: 'Block list' },
  address: { zh: '地址', en: 'Address' },
  network: { zh: '不能写给', en: 'Cannot write to' },
  all: { zh: '所有网络', en: 'All networks' },
  reason: { zh: '理由', en: 'Reason' },
  since: { zh: '自', en: 'Since' },
  block: { zh: '屏蔽地址', en: 'Block an address' },
  blockEffect: {
    zh: '此地址发往您网络的消息立即以代码 40 结束。',
    en: 'Messages of this address to your network end with code 40 at once.',
  },
  blockProposal: {
    zh: '您提议；另一位管理员批准后，此地址的消息以代码 40 结束。',
    en: 'You propose; when another admin approves, messages of this address end with code 40.',
  },
  unblock: { zh: '解除屏蔽', en: 'Unblock' },
  none: { zh: '没有屏蔽的地址', en: 'No blocked addresses' },
  noneTeach: {
    zh: '运营方为自己的网络屏蔽地址；对所有网络的屏蔽由一位管理员提议、另一位批准。',
    en: 'An operator blocks addresses for its own network. For all networks an admin proposes and another one approves.',
  },
  needed: { zh: '请填写此项。', en: 'Fill this in.' },
} satisfies TextSet;
