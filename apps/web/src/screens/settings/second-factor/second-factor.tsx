import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { meQuery } from '../../../api/session';
import { Panel } from '../../../parts/screen';
import { useText } from '../../../text/use-text';
import type { Offer } from './set-up';
import { secondFactorTexts } from './text';

const ProofDialog = lazy(() => import('./proof-dialog'));
const SetUp = lazy(() => import('./set-up'));

export default function SecondFactor() {
  const say = useText(secondFactorTexts);
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const [asked, setAsked] = useState<'offer' | 'remove'>();
  const [offer, setOffer] = useState<Offer>();
  if (!me) return null;
  const renewed = () => queries.invalidateQueries({ queryKey: meQuery.queryKey });
  return (
    <Panel title={say('title')}>
      {!me.hasPassword && <p>{say('noPassword')}</p>}
      {me.hasPassword && me.hasSecondFactor && (
        <>
          <Alert type="success" showIcon title={say('on')} />
          <p>{say('recovery')}</p>
          <Button danger onClick={() => setAsked('remove')}>
            {say('remove')}
          </Button>
        </>
      )}
      {me.hasPassword && !me.hasSecondFactor && !offer && (
        <>
          <p>{say('off')}</p>
          <Button type="primary" onClick={() => setAsked('offer')}>
            {say('setUp')}
          </Button>
        </>
      )}
      <Suspense fallback={null}>
        {offer && !me.hasSecondFactor && <SetUp offer={offer} confirmed={renewed} />}
        {asked && (
          <ProofDialog
            step={asked}
            close={() => setAsked(undefined)}
            offered={setOffer}
            removed={async () => {
              setOffer(undefined);
              await renewed();
            }}
          />
        )}
      </Suspense>
    </Panel>
  );
}
