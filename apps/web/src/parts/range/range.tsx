/** The time that figures of a screen cover. It stands in the address. */
import { Segmented } from 'antd';
import { RANGES, type Range } from '../../api/overview';
import { useText } from '../../text/use-text';
import { rangeTexts } from './text';

/** ms between two readings; the console makes new figures every five seconds. */
export const EVERY_MS: Record<Range, number> = { live: 5000, hour: 15_000, day: 60_000, week: 60_000 };

export function rangeOf(text: string | undefined, usual: Range): Range {
  return RANGES.find((range) => range === text) ?? usual;
}

export function RangeChoice({ range, choose }: { range: Range; choose: (range: Range) => void }) {
  const say = useText(rangeTexts);
  return (
    <Segmented<Range>
      aria-label={say('range')}
      value={range}
      options={RANGES.map((value) => ({ value, label: say(value) }))}
      onChange={choose}
    />
  );
}
