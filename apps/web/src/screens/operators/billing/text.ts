import type { TextSet } from '../../../text/text-set';

export const billingTexts = {
  column: { zh: '结算资料', en: 'Billing' },
  change: { zh: '提议 {id} 的结算资料', en: 'Propose billing facts of {id}' },
  effect: {
    zh: '法定名称和账户将从下一次关闭起出现在结算单上。另一位管理员批准后生效，其网络会得到通知。',
    en: 'Legal names and account stand on statements from the next close on. It takes effect when another admin approves, and the networks are told.',
  },
  zh: { zh: '法定名称（中文）', en: 'Legal name, Chinese' },
  en: { zh: '法定名称（英文）', en: 'Legal name, English' },
  account: { zh: '开户行和账号', en: 'Bank and account number' },
  propose: { zh: '提议', en: 'Propose' },
} satisfies TextSet;
