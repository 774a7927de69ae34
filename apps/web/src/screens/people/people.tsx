import { getRouteApi } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { lazy, Suspense } from 'react';
import { useMay } from '../../api/me';
import { inBackground } from '../../parts/in-background';
import { Loading, Screen } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { FindPerson } from './find-person';
import { peopleTexts } from './text';

const PortedNumbers = lazy(() => import('./ported-numbers'));
const route = getRouteApi('/people');

const TABS = ['person', 'ported'] as const;
type Tab = (typeof TABS)[number];

export default function People() {
  const say = useText(peopleTexts);
  const may = useMay();
  const { tab: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const tab: Tab = wanted === 'ported' ? 'ported' : 'person';
  return (
    <Screen
      title={say('title')}
      lead={say(tab === 'person' ? 'lead' : 'portedLead')}
      actions={
        may('ported:read') && (
          <Segmented<Tab>
            aria-label={say('title')}
            value={tab}
            options={TABS.map((value) => ({ value, label: say(value) }))}
            onChange={(next) => inBackground(navigate({ search: next === 'person' ? {} : { tab: next } }))}
          />
        )
      }
    >
      {tab === 'person' ? (
        <FindPerson />
      ) : (
        <Suspense fallback={<Loading />}>
          <PortedNumbers />
        </Suspense>
      )}
    </Screen>
  );
}
