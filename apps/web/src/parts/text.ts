import type { TextSet } from '../text/text-set';

export const partTexts = {
  search: { zh: '筛选此表', en: 'Filter this table' },
  export: { zh: '导出 CSV', en: 'Export CSV' },
  refresh: { zh: '刷新', en: 'Refresh' },
  rows: { zh: '{count} 行', en: '{count, plural, one {# row} other {# rows}}' },
  rowsOf: { zh: '{all} 行中的 {count} 行', en: '{count} of {all} rows' },
  more: {
    zh: '仅显示前 {count} 行。请缩小筛选范围。',
    en: 'Only the first {count} rows are shown. Narrow the filters.',
  },
  reason: { zh: '理由', en: 'Reason' },
  reasonHelp: { zh: '将写入审计日志。', en: 'It is written to the audit log.' },
  reasonMissing: { zh: '请说明理由。', en: 'Say why.' },
  proposed: {
    zh: '已提议。另一位人员批准后生效。',
    en: 'Proposed. It takes effect when another person has approved it.',
  },
  toChange: { zh: '查看变更', en: 'Show the change' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  retry: { zh: '重试', en: 'Try again' },
  copied: { zh: '已复制', en: 'Copied' },
  copy: { zh: '复制', en: 'Copy' },
  code: { zh: '代码', en: 'Code' },
  time: { zh: '时间', en: 'Time' },
  loading: { zh: '正在读取', en: 'Loading' },
  noMatch: { zh: '没有符合筛选条件的行。', en: 'No row matches the filter.' },
  shownOnce: {
    zh: '此密钥只显示这一次。请立即保存。',
    en: 'This secret is shown this one time only. Keep it now.',
  },
  kept: { zh: '已保存', en: 'I have kept it' },
  parts: { zh: '本页各部分', en: 'Parts of this page' },
  firstPage: { zh: '第一页', en: 'First page' },
  nextPage: { zh: '下一页', en: 'Next page' },
  wait: { zh: '请在 {seconds} 秒后重试。', en: 'Try again in {seconds} seconds.' },
} satisfies TextSet;

/** What a person can do about a problem of the API, by its type. */
export const remedyTexts = {
  invalid: { zh: '请更正所列字段。', en: 'Correct the fields that are named.' },
  unauthenticated: { zh: '请重新登录。', en: 'Sign in again.' },
  forbidden: {
    zh: '您的角色不允许此操作。请找有该权限的人员。',
    en: 'Your role does not allow this. Ask a person whose role has the permission.',
  },
  'not-found': { zh: '请检查编号。', en: 'Check the id.' },
  'no-network-for-number': {
    zh: '请检查号码，或为其号段提议一条路由。',
    en: 'Check the number, or propose a route for its prefix.',
  },
  'nobody-reachable': {
    zh: '请检查号码，或向本人询问地址。',
    en: 'Check the number, or ask the person for the address.',
  },
  'method-not-allowed': {
    zh: '此页面与服务器版本不符。请重新载入。',
    en: 'This page does not match the version of the server. Reload it.',
  },
  conflict: {
    zh: '请刷新后查看当前状态，再决定。',
    en: 'Refresh, look at the present state, and decide again.',
  },
  gone: { zh: '请从头开始。', en: 'Start from the beginning.' },
  'version-mismatch': {
    zh: '其他人刚刚修改过。请刷新后再试。',
    en: 'Somebody else has just changed this. Refresh and try again.',
  },
  'too-large': { zh: '请减少内容。', en: 'Send less.' },
  'unsupported-media-type': {
    zh: '此页面与服务器版本不符。请重新载入。',
    en: 'This page does not match the version of the server. Reload it.',
  },
  'version-required': {
    zh: '此页面与服务器版本不符。请重新载入。',
    en: 'This page does not match the version of the server. Reload it.',
  },
  'too-many-requests': { zh: '请稍候再试。', en: 'Wait before you try again.' },
  internal: {
    zh: '请稍后重试。若再次失败，请把时间告知管理员。',
    en: 'Try again later. If it fails again, report the time to an admin.',
  },
  unavailable: {
    zh: '所需组件暂不可用。请稍后重试。',
    en: 'A component that this needs is not available. Try again later.',
  },
  'sign-in-failed': {
    zh: '请检查用户名、密码，以及显示验证码的设备的时钟。',
    en: 'Check the name, the password and the clock of the device that shows the code.',
  },
  'second-factor-required': { zh: '请输入第二重验证码。', en: 'Enter the code of your second factor.' },
  unreachable: {
    zh: '无法连接服务器。请检查网络，以及控制台是否在运行。',
    en: 'The server was not reached. Check your connection, and whether the console runs.',
  },
  other: { zh: '请稍后重试。', en: 'Try again later.' },
} satisfies TextSet;
