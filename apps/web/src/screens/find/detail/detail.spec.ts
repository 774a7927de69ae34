import { convertedTo, DEGRADATION_RULES, RESOLUTION_WORDS } from '#protocol';
import { featureTexts } from '../../../parts/features/text';
import { detailIn, type DetailWords } from './detail';
import { detailTexts, resolutionTexts, ruleTexts } from './text';

const english = (texts: Record<string, { en: string }>) =>
  Object.fromEntries(Object.entries(texts).map(([key, { en }]) => [key, en]));

const WORDS: DetailWords = {
  resolution: (key) => resolutionTexts[key].zh,
  rule: (key) => ruleTexts[key].zh,
  feature: (key) => featureTexts[key].zh,
  more: (key, values) =>
    detailTexts[key].zh.replace(/\{(\w+)\}/g, (_, name: string) => String(values?.[name])),
};

describe('details of a trace', () => {
  it('have a text for everything that the switch and the kit write', () => {
    expect(english(ruleTexts)).toEqual(DEGRADATION_RULES);
    expect(english(resolutionTexts)).toEqual(RESOLUTION_WORDS);
  });

  it('are in the language of the person', () => {
    expect(
      detailIn('number: as SMS; formatting: plain text; media: ' + convertedTo('image/jpeg'), WORDS),
    ).toBe('号码：按短信发送; 格式：纯文本; 图片与文件：已转换为 image/jpeg');
  });

  it('stay as they are where they are the words of a network', () => {
    expect(detailIn('Bad Request: chat not found; x', WORDS)).toBe('Bad Request: chat not found; x');
  });
});
