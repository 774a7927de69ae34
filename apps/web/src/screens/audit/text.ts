import type { TextSet } from '../../text/text-set';

export const auditTexts = {
  title: { zh: '审计', en: 'Audit' },
  lead: { zh: '谁在何时因何做了什么？', en: 'Who did what, when, and why?' },
  none: { zh: '没有记录', en: 'No entries' },
  noneTeach: {
    zh: '任何更改或查看敏感信息的操作都会出现在这里，与操作写入同一事务。',
    en: 'Everything that changes or reveals something appears here, written in the same transaction.',
  },
  seq: { zh: '序号', en: 'No.' },
  at: { zh: '时间', en: 'Time' },
  actor: { zh: '谁', en: 'Who' },
  action: { zh: '做了什么', en: 'What' },
  subject: { zh: '对象', en: 'Subject' },
  reason: { zh: '理由', en: 'Reason' },
  change: { zh: '更改', en: 'Change' },
  verify: { zh: '校验链', en: 'Verify the chain' },
  intact: {
    zh: '链完整：共 {entries} 条，根 {root}',
    en: 'The chain is intact: {entries} entries, root {root}',
  },
  broken: {
    zh: '链在第 {seq} 条断裂。该条之后的记录可能被改动：请与已签名的检查点比较（docs/security.md）。',
    en: 'The chain is broken at entry {seq}. Entries from there on may have been altered: compare them with the signed checkpoints (docs/security.md).',
  },
  subjectFilter: { zh: '仅此对象', en: 'Only this subject' },
  actionFilter: { zh: '仅此操作', en: 'Only this action' },
  since: { zh: '从（{zone}）', en: 'From ({zone})' },
  until: { zh: '到（{zone}）', en: 'To ({zone})' },
  apply: { zh: '筛选', en: 'Filter' },
  clear: { zh: '显示全部', en: 'Show all' },
  csv: { zh: '导出 CSV', en: 'Export CSV' },
  ndjson: { zh: '导出 NDJSON', en: 'Export NDJSON' },
} satisfies TextSet;
