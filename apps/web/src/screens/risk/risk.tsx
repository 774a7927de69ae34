import { lazy, Suspense, type ComponentType } from 'react';
import type { Permission } from '../../api/contract';
import { useMay } from '../../api/me';
import { Loading, Screen } from '../../parts/screen';
import { SubPages, useSubPage } from '../../parts/sub-pages';
import { useText } from '../../text/use-text';
import { riskTexts } from './text';

const TABS = ['networks', 'limits', 'complaints', 'blocked'] as const;
type Tab = (typeof TABS)[number];

const CONTENT: Record<Tab, { needs: Permission; page: ComponentType }> = {
  networks: { needs: 'networks:read', page: lazy(() => import('./networks/networks')) },
  limits: { needs: 'networks:read', page: lazy(() => import('./limits')) },
  complaints: { needs: 'abuse:read', page: lazy(() => import('./complaints/complaints')) },
  blocked: { needs: 'blocked:read', page: lazy(() => import('./blocked/blocked')) },
};

export default function Risk() {
  const say = useText(riskTexts);
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
