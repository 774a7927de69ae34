/** Language, time zone and colours of this browser; kept in its local storage. */
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Language } from './text-set';

export type Colours = 'system' | 'light' | 'dark';
export interface Preferences {
  language: Language;
  timeZone: string;
  colours: Colours;
}

const STORED = 'hutong.preferences';
export const EXCHANGE_ZONE = 'Asia/Shanghai';

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function isZone(zone: unknown): zone is string {
  try {
    return (
      typeof zone === 'string' &&
      Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
    );
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export function readPreferences(stored: string | null, browserLanguage: string): Preferences {
  let found: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    if (typeof value === 'object' && value !== null) found = value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const language =
    found.language === 'zh' || found.language === 'en'
      ? found.language
      : browserLanguage.startsWith('zh')
        ? 'zh'
        : 'en';
  const colours = found.colours === 'light' || found.colours === 'dark' ? found.colours : 'system';
  return { language, colours, timeZone: isZone(found.timeZone) ? found.timeZone : EXCHANGE_ZONE };
}

interface Setting extends Preferences {
  change: (change: Partial<Preferences>) => void;
}

const Context = createContext<Setting | undefined>(undefined);

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, set] = useState(() =>
    readPreferences(localStorage.getItem(STORED), navigator.language),
  );
  useEffect(() => {
    localStorage.setItem(STORED, JSON.stringify(preferences));
    document.documentElement.lang = preferences.language === 'zh' ? 'zh-CN' : 'en';
  }, [preferences]);
  const value = useMemo(
    () => ({
      ...preferences,
      change: (change: Partial<Preferences>) => set((before) => ({ ...before, ...change })),
    }),
    [preferences],
  );
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): Setting {
  const value = useContext(Context);
  if (!value) throw new Error('PreferencesProvider is missing');
  return value;
}
