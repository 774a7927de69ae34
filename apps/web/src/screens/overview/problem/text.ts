import type { TextSet } from '../../../text/text-set';

/** What is wrong, by the kind of the problem. */
export const problemTexts = {
  'network-unavailable': { zh: '网络 {subject} 不可达', en: 'The network {subject} is unavailable' },
  'network-suspended': { zh: '网络 {subject} 已暂停', en: 'The network {subject} is suspended' },
  'certificate-expires': {
    zh: '{subject} 适配器的认证即将到期',
    en: 'The certificate of the adapter of {subject} expires soon',
  },
  'credential-expires': {
    zh: '{subject} 的总线凭证即将到期',
    en: 'The bus credentials of {subject} expire soon',
  },
  'dead-letters': { zh: '{subject} 有死信', en: 'There are dead letters of {subject}' },
  'day-not-closed': { zh: '营业日 {subject} 尚未关闭', en: 'The business day {subject} is not closed' },
  'webhook-disabled': {
    zh: '发往 {subject} 的 Webhook 已自动停用',
    en: 'The webhook to {subject} was disabled',
  },
  'position-overdue': { zh: '结算单 {subject} 逾期未付', en: 'The statement {subject} is overdue' },
} satisfies TextSet;

/** What to do about it. */
export const todoTexts = {
  'network-unavailable': {
    zh: '检查其适配器是否在运行、能否连接总线及其网络。期间的消息按代收设置暂存。',
    en: 'Check that its adapter runs and reaches both the bus and its network. Until then messages are stored as its stand-in says.',
  },
  'network-suspended': {
    zh: '紧急暂停须在 24 小时内由另一位管理员确认；原因消除后请启用该网络。',
    en: 'Another admin confirms an emergency suspension within 24 hours. Enable the network when the cause is gone.',
  },
  'certificate-expires': {
    zh: '请运营方在到期前再次认证适配器；到期后不再传送需要认证的消息。',
    en: 'Have its operator certify the adapter again before that time; after it, traffic that needs a certificate stops.',
  },
  'credential-expires': {
    zh: '适配器会自动续期。若没有续期，请运营方签发新凭证。',
    en: 'The adapter renews them by itself. If it does not, its operator issues new ones.',
  },
  'dead-letters': {
    zh: '阅读每封死信的原因，消除原因，然后重放或丢弃。',
    en: 'Read the reason of each dead letter, remove the cause, then replay or discard it.',
  },
  'day-not-closed': {
    zh: '检查清算进程是否在运行，并查阅其日志。结束的营业日由它自动关闭。',
    en: 'Check that clearing runs, and read its log. It closes days that are over by itself.',
  },
  'webhook-disabled': {
    zh: '接收方连续多日失败。修复后重新启用，等待中的事件随即发送。',
    en: 'Its receiver has failed for days. Repair it, then enable the webhook: what waited is sent.',
  },
  'position-overdue': {
    zh: '催付；银行入账后，由两位管理员在该营业日页面登记付款。',
    en: 'Ask for the payment. When the bank has booked it, two admins record it on the page of the business day.',
  },
} satisfies TextSet;
