import type { TextSet } from '../../text/text-set';

export const rangeTexts = {
  range: { zh: '时间范围', en: 'Time range' },
  live: { zh: '五分钟', en: '5 minutes' },
  hour: { zh: '一小时', en: 'Hour' },
  day: { zh: '一天', en: 'Day' },
  week: { zh: '一周', en: 'Week' },
} satisfies TextSet;
