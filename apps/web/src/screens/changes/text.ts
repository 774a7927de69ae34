import type { TextSet } from '../../text/text-set';

export const changeTexts = {
  title: { zh: '待办变更', en: 'Changes' },
  lead: {
    zh: '哪些变更在等我批准或确认？',
    en: 'Which changes wait for approval or for the confirmation of a member?',
  },
  open: { zh: '待办', en: 'Open' },
  all: { zh: '全部', en: 'All' },
  none: { zh: '没有待办的变更', en: 'No change is waiting' },
  noneTeach: {
    zh: '影响资金、路由、他人密钥或用户可达性的变更需要两个人，并须受其约束的网络确认。它们在此等待。',
    en: 'A change of money, routes, keys of others or the reach of a subscriber needs two people, and the consent of the networks that it binds. It waits here.',
  },
  proposed: { zh: '已提议', en: 'Proposed' },
  approved: { zh: '已批准', en: 'Approved' },
  applied: { zh: '已生效', en: 'Applied' },
  rejected: { zh: '已否决', en: 'Rejected' },
  declined: { zh: '被成员拒绝', en: 'Declined' },
  expired: { zh: '已过期', en: 'Expired' },
  awaited: { zh: '待确认', en: 'awaited' },
  confirmed: { zh: '已确认', en: 'confirmed' },
  by: { zh: '{who} 提议', en: 'Proposed by {who}' },
  expires: { zh: '到期', en: 'Expires' },
  approve: { zh: '批准', en: 'Approve' },
  reject: { zh: '否决', en: 'Reject' },
  confirm: { zh: '确认', en: 'Confirm' },
  decline: { zh: '拒绝', en: 'Decline' },
  approveEffect: {
    zh: '若不约束任何成员，变更立即生效；否则在最后一个成员确认后生效。提议人不能自己批准。',
    en: 'The change is applied at once if it binds no member, otherwise when the last member has confirmed it. Who proposed it cannot approve it.',
  },
  rejectEffect: { zh: '变更到此结束，不会生效。', en: 'The change ends here and is never applied.' },
  confirmEffect: {
    zh: '您代表您的网络同意。最后一个缺少的确认使变更生效。',
    en: 'Your network agrees. The last missing confirmation applies the change.',
  },
  declineEffect: {
    zh: '您的网络不同意，变更到此结束。',
    en: 'Your network does not agree, and the change ends here.',
  },
} satisfies TextSet;
