import { lazy, Suspense, type ComponentType } from 'react';
import type { Permission } from '../../api/contract';
import { useMay } from '../../api/me';
import { Loading, Screen } from '../../parts/screen';
import { SubPages, useSubPage } from '../../parts/sub-pages';
import { useText } from '../../text/use-text';
import { settingsTexts } from './text';
import './settings.css';

const TABS = ['sessions', 'secondFactor', 'keys', 'people', 'webhooks', 'display'] as const;
type Tab = (typeof TABS)[number];

const CONTENT: Record<Tab, { needs: Permission; page: ComponentType }> = {
  sessions: { needs: 'me:read', page: lazy(() => import('./sessions/sessions')) },
  secondFactor: { needs: 'me:write', page: lazy(() => import('./second-factor/second-factor')) },
  keys: { needs: 'keys:read', page: lazy(() => import('./keys/keys')) },
  people: { needs: 'people:read', page: lazy(() => import('./people/people')) },
  webhooks: { needs: 'webhooks:read', page: lazy(() => import('./webhooks/webhooks')) },
  display: { needs: 'me:write', page: lazy(() => import('./display/display')) },
};

export default function Settings() {
  const say = useText(settingsTexts);
  const may = useMay();
  const current = useSubPage(TABS);
  const tabs = TABS.filter((tab) => may(CONTENT[tab].needs)).map((tab) => ({ tab, label: say(tab) }));
  const Page = CONTENT[current].page;
  return (
    <Screen title={say('title')} lead={say('lead')}>
      <SubPages tabs={tabs} current={current} />
      <Suspense fallback={<Loading />}>{may(CONTENT[current].needs) && <Page />}</Suspense>
    </Screen>
  );
}
