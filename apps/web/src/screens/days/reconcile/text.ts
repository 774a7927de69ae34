import type { TextSet } from '../../../text/text-set';

export const reconcileTexts = {
  title: { zh: '与自己的记录对账', en: 'Compare with your own records' },
  teach: {
    zh: '选择一个 JSONL 或 CSV 文件，列名与清算文件相同：至少有 reference 和 to，可有 from、class、units、outcome、price、switchFee。比较在浏览器中进行，您的记录不会上传到服务器。',
    en: 'Choose a JSONL or CSV file with the columns of the clearing file: at least reference and to, and from, class, units, outcome, price, switchFee as you have them. It is compared in this browser; your records are not sent to the server.',
  },
  file: { zh: '自己的记录', en: 'Own records' },
  readingOwn: { zh: '正在读取您的文件', en: 'Reading your file' },
  readingBilled: { zh: '正在与清算文件比较', en: 'Comparing with the clearing file' },
  allSame: { zh: '没有差异。', en: 'There is no difference.' },
  found: {
    zh: '发现 {count} 处差异。',
    en: '{count, plural, one {# difference was found.} other {# differences were found.}}',
  },
  listed: { zh: '只列出前 {count} 处。', en: 'The first {count} are listed.' },
  ownRecords: { zh: '自己的记录', en: 'Own records' },
  billedRecords: { zh: '计费记录', en: 'Billed records' },
  same: { zh: '一致', en: 'The same' },
  differences: { zh: '差异', en: 'Differences' },
  kind: { zh: '类型', en: 'What' },
  reference: { zh: '编号', en: 'Reference' },
  to: { zh: '收方网络', en: 'Receiving network' },
  field: { zh: '字段', en: 'Field' },
  own: { zh: '自己的值', en: 'Yours' },
  billed: { zh: '计费的值', en: 'Billed' },
  next: { zh: '下一步', en: 'Next step' },
  dispute: { zh: '提出争议', en: 'Dispute it' },
  onlyOurs: { zh: '仅您有', en: 'Only yours' },
  onlyTheirs: { zh: '仅计费有', en: 'Only billed' },
  another: { zh: '值不同', en: 'Another value' },
  repeated: { zh: '在您的文件中重复', en: 'Repeated in your file' },
  tooLarge: {
    zh: '文件大于 200 MB。请分开比较。',
    en: 'The file is larger than 200 MB. Compare it in parts.',
  },
  noColumns: {
    zh: '第一行没有 reference 和 to 两列。',
    en: 'The first line does not have the columns reference and to.',
  },
  noRecord: {
    zh: '第 {line} 行没有 reference 或 to。',
    en: 'Line {line} has no reference or no to.',
  },
  noJson: { zh: '第 {line} 行不是 JSON。', en: 'Line {line} is not JSON.' },
  tooMany: {
    zh: '记录超过 500,000 条（第 {line} 行）。请分开比较。',
    en: 'There are more than 500,000 records (line {line}). Compare them in parts.',
  },
} satisfies TextSet;
