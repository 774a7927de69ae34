/** Capabilities in words: fields by name, sizes and times in units that people read. */
import { size } from '../../../format/size';
import { duration } from '../../../format/time';
import { useFormats, useText } from '../../../text/use-text';
import { capabilityTexts, countTexts, valueTexts } from './text';

const COUNTED = {
  'limits.textLength': 'graphemes',
  'limits.textUnits': 'units',
  'limits.textBytes': 'bytes',
} as const satisfies Record<string, keyof typeof countTexts>;

/** Fields whose values are not words of the schema, though they can look like one. */
const VERBATIM = new Set(['version', 'numbersWithout']);

/** Media types as their subtypes: "jpeg, png". */
function shortTypes(types: string): string {
  return types.replaceAll(/\b(?:image|audio|video)\//g, '');
}

export function useCapabilityWords(): {
  name: (field: string) => string;
  value: (field: string, value: string) => string;
} {
  const sayName = useText(capabilityTexts);
  const sayValue = useText(valueTexts);
  const sayCount = useText(countTexts);
  const { formatNumber } = useFormats();
  const word = (text: string) => (text in valueTexts ? sayValue(text as keyof typeof valueTexts) : text);
  return {
    name: (field) => (field in capabilityTexts ? sayName(field as keyof typeof capabilityTexts) : field),
    value: (field, value) => {
      if (VERBATIM.has(field)) return value;
      if (field in COUNTED)
        return sayCount(COUNTED[field as keyof typeof COUNTED], { count: formatNumber(Number(value)) });
      if (field.endsWith('Bytes')) return size(Number(value));
      if (field.endsWith('Ms')) return duration(Number(value));
      if (field.endsWith('.types')) return shortTypes(value);
      return value.split(', ').map(word).join(', ');
    },
  };
}
