import { Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { elapsed } from '../format/time';
import { usePreferences } from '../text/preferences';
import { useFormats } from '../text/use-text';

/** The present, renewed each ten seconds for relative times. */
export function useNow(everyMs = 10_000): Date {
  const [now, set] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => set(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

const PRECISE = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 } as const;

/** 2026-11-28 09:15:00 in every language: the Swedish form of dates is that of ISO 8601. */
export function written(at: string | number, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, ...options }).format(new Date(at)).replace(',', '.');
}

export function useMoments() {
  const formats = useFormats();
  const { timeZone } = usePreferences();
  return {
    absolute: (at: string) => written(at, timeZone, { dateStyle: 'short', timeStyle: 'medium' }),
    precise: (at: string) => written(at, timeZone, PRECISE),
    day: (at: string) => written(at, timeZone, { dateStyle: 'short' }),
    relative: (at: string, now: Date) => {
      const { value, unit } = elapsed(now, new Date(at));
      return formats.formatRelativeTime(value, unit, { numeric: 'auto' });
    },
  };
}

/** A time: how long ago, with the exact time beside it. */
export function Moment({ at, only }: { at: string | null | undefined; only?: 'relative' | 'absolute' }) {
  const now = useNow();
  const { absolute, relative } = useMoments();
  if (!at || Number.isNaN(Date.parse(at))) return <span>–</span>;
  if (only === 'relative')
    return (
      <Tooltip title={absolute(at)}>
        <time dateTime={at}>{relative(at, now)}</time>
      </Tooltip>
    );
  return (
    <time dateTime={at} className="moment">
      {absolute(at)}
      {only !== 'absolute' && <span className="quiet"> {relative(at, now)}</span>}
    </time>
  );
}
