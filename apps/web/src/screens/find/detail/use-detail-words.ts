import { featureTexts } from '../../../parts/features/text';
import { useText } from '../../../text/use-text';
import { detailIn } from './detail';
import { detailTexts, resolutionTexts, ruleTexts } from './text';

export function useDetailWords(): (detail: string) => string {
  const resolution = useText(resolutionTexts);
  const rule = useText(ruleTexts);
  const feature = useText(featureTexts);
  const more = useText(detailTexts);
  return (detail) => detailIn(detail, { resolution, rule, feature, more });
}
