import { Link, useSearch } from '@tanstack/react-router';
import { Suspense, type ComponentType } from 'react';
import type { Permission } from '../api/contract';
import { useMay } from '../api/me';
import { useText } from '../text/use-text';
import { Loading, Screen } from './screen';
import { partTexts } from './text';
import './sub-pages.css';

/** Parts of a screen, each with its address: links that look like tabs. */
function SubPages<Tab extends string>({
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
function useSubPage<Tab extends string>(tabs: readonly [Tab, ...Tab[]]): Tab {
  const { tab } = useSearch({ strict: false });
  return tabs.find((one) => one === tab) ?? tabs[0];
}

interface ScreenWithPartsProps<Tab extends string> {
  tabs: readonly [Tab, ...Tab[]];
  /** The part behind each tab, and the permission without which it is not shown. */
  parts: Record<Tab, { needs: Permission; page: ComponentType }>;
  /** Texts of the tabs, and title and lead of the screen. */
  say: (key: Tab | 'title' | 'lead') => string;
}

/** A screen of several parts, of which a person sees those that their role permits. */
export function ScreenWithParts<Tab extends string>({ tabs, parts, say }: ScreenWithPartsProps<Tab>) {
  const may = useMay();
  const current = useSubPage(tabs);
  const permitted = tabs.filter((tab) => may(parts[tab].needs)).map((tab) => ({ tab, label: say(tab) }));
  const { needs, page: Page } = parts[current];
  return (
    <Screen title={say('title')} lead={say('lead')}>
      <SubPages tabs={permitted} current={current} />
      <Suspense fallback={<Loading />}>{may(needs) && <Page />}</Suspense>
    </Screen>
  );
}
