import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { meQuery } from '../../../api/session';
import { inBackground } from '../../../parts/in-background';
import { useText } from '../../../text/use-text';
import type { Step } from './proof-dialog';
import type { Offer } from './set-up';
import { secondFactorTexts } from './text';

const ProofDialog = lazy(() => import('./proof-dialog'));
const SetUp = lazy(() => import('./set-up'));
const ShownOnce = lazy(() => import('../../../parts/shown-once'));

/** Sets up the second factor of the person, renews the recovery codes, removes both. */
export function FactorSteps() {
  const say = useText(secondFactorTexts);
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const [asked, setAsked] = useState<Step>();
  const [offer, setOffer] = useState<Offer>();
  const [codes, setCodes] = useState<string[]>();
  if (!me) return null;
  const renewed = async () => {
    setOffer(undefined);
    setCodes(undefined);
    await queries.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  const isOn = me.hasPassword && me.hasSecondFactor;
  const isOff = me.hasPassword && !me.hasSecondFactor && !offer;
  return (
    <>
      {!me.hasPassword && <p>{say('noPassword')}</p>}
      {isOn && (
        <>
          <Alert type="success" showIcon title={say('on')} />
          <p>
            {say('recovery')} {say('codesLeft', { left: me.recoveryCodesLeft })}
          </p>
          <Flex gap="small" wrap>
            <Button onClick={() => setAsked('codes')}>{say('codes')}</Button>
            <Button danger onClick={() => setAsked('remove')}>
              {say('remove')}
            </Button>
          </Flex>
        </>
      )}
      {isOff && (
        <>
          <p>{say('off')}</p>
          <Button type="primary" onClick={() => setAsked('offer')}>
            {say('offer')}
          </Button>
        </>
      )}
      <Suspense fallback={null}>
        {offer && !me.hasSecondFactor && <SetUp offer={offer} confirmed={setCodes} />}
        {asked && (
          <ProofDialog
            step={asked}
            close={() => setAsked(undefined)}
            offered={setOffer}
            made={setCodes}
            removed={renewed}
          />
        )}
        {codes && (
          <ShownOnce
            title={say('recoveryCodes')}
            teach={say('recoveryCodesTeach')}
            secret={codes.join('\n')}
            close={() => inBackground(renewed())}
          />
        )}
      </Suspense>
    </>
  );
}
