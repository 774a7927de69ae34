import { useMemo } from 'react';
import { createIntl, createIntlCache, type IntlShape } from 'react-intl';
import { usePreferences } from './preferences';
import type { Language, TextSet } from './text-set';

export type TextValues = Record<string, string | number | Date>;
export type Say<Set extends TextSet> = (key: keyof Set & string, values?: TextValues) => string;

const cache = createIntlCache();
const LOCALES: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };

function intlOf(texts: TextSet, language: Language, timeZone: string): IntlShape {
  const messages = Object.fromEntries(Object.entries(texts).map(([key, pair]) => [key, pair[language]]));
  return createIntl({ locale: LOCALES[language], messages, timeZone }, cache);
}

/** @returns a function that gives a text of the set in the language of the person */
export function useText<Set extends TextSet>(texts: Set): Say<Set> {
  const { language, timeZone } = usePreferences();
  return useMemo(() => {
    const intl = intlOf(texts, language, timeZone);
    return (key, values) => intl.formatMessage({ id: key }, values);
  }, [texts, language, timeZone]);
}

const NO_TEXTS: TextSet = {};

/** Numbers and times in the language and time zone of the person. */
export function useFormats(): IntlShape {
  const { language, timeZone } = usePreferences();
  return useMemo(() => intlOf(NO_TEXTS, language, timeZone), [language, timeZone]);
}
