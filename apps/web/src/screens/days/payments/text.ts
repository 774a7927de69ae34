import type { TextSet } from '../../../text/text-set';

export const paymentTexts = {
  title: { zh: '付款', en: 'Payments' },
  none: { zh: '还没有登记付款。', en: 'No payment was recorded yet.' },
  party: { zh: '参与方', en: 'Party' },
  amount: { zh: '金额', en: 'Amount' },
  paidOn: { zh: '入账日', en: 'Booked on' },
  reference: { zh: '银行凭证号', en: 'Reference of the bank' },
  recordedBy: { zh: '登记人', en: 'Recorded by' },
  approvedBy: { zh: '批准人', en: 'Approved by' },
  recordedAt: { zh: '登记时间', en: 'Recorded' },
  statement: { zh: '列入结算单', en: 'On the statement of' },
  record: { zh: '登记付款', en: 'Record a payment' },
  recordOf: { zh: '登记 {party} 的付款', en: 'Record a payment of {party}' },
  propose: { zh: '提议登记', en: 'Propose' },
  effect: {
    zh: '另一位管理员批准后生效，并通知对方。净额 {position}，未付 {outstanding}。负数：该方已付；正数：该方已收。登记有误时，登记一笔相反的金额。',
    en: 'Another admin approves it, and the party is told. Position {position}, outstanding {outstanding}. Negative: the party has paid; positive: it has received. A mistake is corrected by an amount with the other sign.',
  },
  amountRule: {
    zh: '元，最多 6 位小数，不为零',
    en: 'Yuan, with up to 6 decimals, not zero',
  },
  missing: { zh: '必填', en: 'Needed' },
} satisfies TextSet;
