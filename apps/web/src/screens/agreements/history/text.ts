import type { TextSet } from '../../../text/text-set';

export const historyTexts = {
  title: { zh: '历史：{title}', en: 'History: {title}' },
  lead: {
    zh: '每个版本由谁提议、批准和确认，改了什么。最新在前。',
    en: 'Who proposed, approved and confirmed each version, and what it changed. Newest first.',
  },
  none: { zh: '没有记录的版本', en: 'No recorded version' },
  noneTeach: {
    zh: '经提议和批准的变更才有历史。运营方看到约束其网络的版本。',
    en: 'The history has changes that were proposed and approved. An operator sees the versions that bound their network.',
  },
  proposed: { zh: '{who} 提议', en: 'Proposed by {who}' },
  approved: { zh: '{who} 批准', en: 'approved by {who}' },
  confirmed: { zh: '{networks} 确认', en: 'confirmed by {networks}' },
  somebody: { zh: '未知人员', en: 'somebody unknown' },
  same: { zh: '与上一版本相同', en: 'The same as the version before' },
  field: { zh: '字段', en: 'Field' },
  before: { zh: '之前', en: 'Before' },
  after: { zh: '之后', en: 'After' },
  older: { zh: '只显示最新的 {count} 个版本。', en: 'Only the newest {count} versions are shown.' },
} satisfies TextSet;
