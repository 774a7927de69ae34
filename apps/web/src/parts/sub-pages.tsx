import { Link, useSearch } from '@tanstack/react-router';
import { useText } from '../text/use-text';
import { partTexts } from './text';
import './sub-pages.css';

/** Parts of a screen, each with its address: links that look like tabs. */
export function SubPages<Tab extends string>({
  tabs,
  current,
}: {
  tabs: readonly { tab: Tab; label: string }[];
  current: Tab;
}) {
  const say = useText(partTexts);
  return (
    <nav aria-label={say('parts')} className="sub-pages">
      {tabs.map(({ tab, label }) => (
        <Link
          key={tab}
          to="."
          // The other filters are those of the part that is left.
          search={(now) => ({ ...now, tab, filter: undefined, network: undefined, webhook: undefined })}
          className="sub-page"
          {...(tab === current && { 'aria-current': 'page' as const })}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

/** The part of the screen that the address names; otherwise the first. */
export function useSubPage<Tab extends string>(tabs: readonly [Tab, ...Tab[]]): Tab {
  const { tab } = useSearch({ strict: false });
  return tabs.find((one) => one === tab) ?? tabs[0];
}
