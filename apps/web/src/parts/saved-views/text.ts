import type { TextSet } from '../../text/text-set';

export const viewTexts = {
  views: { zh: '视图', en: 'Views' },
  title: { zh: '已保存的视图', en: 'Saved views' },
  none: {
    zh: '此页还没有保存的视图。视图是当前筛选条件的名称，只有您能看到。',
    en: 'There is no saved view of this page yet. A view is a name for the present filters, which only you see.',
  },
  name: { zh: '当前筛选条件的名称', en: 'Name for the present filters' },
  nameMissing: { zh: '请输入名称。', en: 'Enter a name.' },
  save: { zh: '保存', en: 'Save' },
  remove: { zh: '删除', en: 'Delete' },
  removeNamed: { zh: '删除“{name}”', en: 'Delete “{name}”' },
  everything: { zh: '无筛选条件', en: 'no filter' },
  close: { zh: '关闭', en: 'Close' },
} satisfies TextSet;
